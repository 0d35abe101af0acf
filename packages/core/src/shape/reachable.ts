const self = Symbol("self");

interface Remembered {
  [self](): unknown;
}

/**
 * Lets the private fields of an object be reached from behind a Proxy, such as one that a page's reactive state puts before what it
 * holds: in a method that is called on a Proxy, `this` is the Proxy, which has none. Called when the constructor begins;
 * `reachable` does the rest.
 */
export function remember(object: object): void {
  // By a function, since what is read through a Proxy may come behind another one.
  Object.defineProperty(object, self, { value: () => object });
}

/** The object behind a Proxy, if it is remembered; anything else as it is. */
export function original<Given>(given: Given): Given {
  const remembered = given as Partial<Remembered> | undefined;
  return remembered?.[self] ? (remembered[self]() as Given) : given;
}

/** Has the methods and accessors of a class, whose objects are remembered, run on the object itself. */
export function reachable({ prototype }: { readonly prototype: object }): void {
  for (const key of Reflect.ownKeys(prototype)) {
    if (key === "constructor") continue;
    const own = (given?: Partial<Remembered>) => {
      if (given?.[self]) return given[self]();
      throw new TypeError(`${String(key)} was called without its object: call it as a method`);
    };
    const { value, get, set } = Object.getOwnPropertyDescriptor(prototype, key)!;
    const member: PropertyDescriptor = {};
    if (value)
      member.value = function (this: Remembered, ...given: unknown[]): unknown {
        return value.apply(own(this), given);
      };
    if (get)
      member.get = function (this: Remembered): unknown {
        return get.call(own(this));
      };
    if (set)
      member.set = function (this: Remembered, given: unknown) {
        set.call(own(this), given);
      };
    Object.defineProperty(prototype, key, member);
  }
}
