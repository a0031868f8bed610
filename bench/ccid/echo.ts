import { parentPort } from 'node:worker_threads';

/** The other side of a thread: hands back what it was given. */
parentPort?.on('message', (message) => parentPort?.postMessage(message));
