import type { ja } from './ja.ts';

/** All messages, by area. Japanese defines the shape; English that lacks a message or takes other arguments does not compile. */
export type Catalogue = typeof ja;
