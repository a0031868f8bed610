import type { jaRooms } from './ja-rooms.ts';
import type { ja } from './ja.ts';

/**
 * All messages, by area. Japanese defines the shape; English that lacks a message or takes other arguments does not
 * compile.
 */
export type Catalogue = FirstCatalogue & RoomCatalogue;

/** Loaded with the app. */
export type FirstCatalogue = typeof ja;

/** Loaded with the first room that is not reception. */
export type RoomCatalogue = typeof jaRooms;
