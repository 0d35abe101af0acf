export { chapter, printChapter } from "./chapter.ts";
export { crossing } from "./crossing.ts";
export type { Cell, Lesson, Print } from "./lesson.ts";
export * from "./streetlights.ts";
