// What the kernel exports. Each file holds one idea; memory is laid out by the caller (src/kernel).
export { findLines } from './lines';
export { addKey, keyBytesLeft, setKeys, tokenise } from './tokens';
export { addRoute, findRoute, routeKey, setRoutes } from './routes';
export { addFew, addGram, findWitnesses, hashGram, hashWhole } from './witnesses';
export { outputEnd, run, setRun, stoppedAt } from './run';
