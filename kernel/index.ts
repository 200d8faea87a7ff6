// What the kernel exports. Each file holds one idea; memory is laid out by the caller (src/kernel).
export { idBit, markIds } from './ids';
export { findLines } from './lines';
export { findSparks, sparkMarks } from './sparks';
export { countLineFeeds, countRecords, findLastText, findText } from './text';
