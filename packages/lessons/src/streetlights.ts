import { array } from "@streetlight/core";

/** Which of its three lights each of six streetlights shows. */
export const sixStreetlights = array(
  [
    [1, 0, 1],
    [0, 1, 1],
    [0, 0, 1],
    [1, 1, 1],
    [0, 1, 1],
    [1, 0, 1],
  ],
  "int32",
);

/** Whether people walked (1) or stopped (0) at each of the six. */
export const walkVsStop = array([[0], [1], [0], [1], [1], [0]], "int32");

/** The four streetlights that the deep networks learn. */
export const fourStreetlights = array(
  [
    [1, 0, 1],
    [0, 1, 1],
    [0, 0, 1],
    [1, 1, 1],
  ],
  "int32",
);

/** Walk at a light where exactly one of the first two lamps is on; no single weight per lamp can say that. */
export const walkAtFour = array([[1], [1], [0], [0]], "int32");
