import { array } from "@streetlight/core";
import type { Lesson } from "../lesson.ts";

/** Arithmetic element by element, between two vectors and between a vector and a number. */
export const elementwise: Lesson = {
  title: "Elementwise practice",
  cells: [
    {
      number: 15,
      run(print) {
        const a = array([0, 1, 2, 1], "int32");
        const b = array([2, 2, 2, 3], "int32");
        print(`${a.multiply(b)}`);
        print(`${a.add(b)}`);
        print(`${a.multiply(0.5)}`);
        print(`${a.add(0.5)}`);
      },
    },
  ],
};
