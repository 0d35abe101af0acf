/** Attributes of an element; numbers are rounded to what can be seen. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element as text. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? rounded(value) : escaped(value!)}"`)
    .join("");
  return content.length === 0 ? `<${name}${given}/>` : `<${name}${given}>${content.join("")}</${name}>`;
}

export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escaped(words));
}

/**
 * A picture on a card of its own, light or dark as the reader's screen is, so that it can be read on any page. `title` is what
 * those hear who cannot see it.
 */
export function card(width: number, height: number, title: string, ...content: readonly string[]): string {
  return `${element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${rounded(width)} ${rounded(height)}`,
      role: "img",
    },
    `\n${element("title", {}, escaped(title))}\n`,
    `<style>${style}</style>\n`,
    `${element("rect", { class: "card", x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8 })}\n`,
    ...content.map((each) => `${each}\n`),
  )}\n`;
}

const style = `
text { font: 12px system-ui, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif; fill: #1f2328 }
.card { fill: #ffffff; stroke: #d1d9e0 }
.head { font-weight: 600; font-size: 14px }
.quiet { fill: #59636e }
.grid { stroke: #d1d9e0; stroke-width: 1; fill: none }
.axis { stroke: #818b98; stroke-width: 1; fill: none }
.whisker { stroke: #1f2328; stroke-width: 1; fill: none }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .card { fill: #0d1117; stroke: #3d444d }
  .quiet { fill: #9198a1 }
  .grid { stroke: #2f353d }
  .axis { stroke: #656c76 }
  .whisker { stroke: #f0f6fc }
}
`;

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
