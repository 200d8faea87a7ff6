import type { Values } from './values.ts';

/** `near`: a harmless command of a program that rules look at. `hit`: rules must match. */
export type Part = 'ordinary' | 'near' | 'hit';

/** One event as a source writes it. */
export interface LaneEvent {
  /** A JSON object, or the lines of one event in text. */
  readonly record: object | readonly string[];
  readonly startsProcess: boolean;
  /** Of a hit: the id of a rule of the shipped pack, the title of a rule of `bench/rules`. */
  readonly pack?: string;
  readonly rule?: string;
}

/** A kind of stream: one shape, and what happens in it. */
export interface Lane {
  readonly name: string;
  readonly title: string;
  /** Name of the shape its events are recognised as. */
  readonly shape: string;
  /** Makes pools, then events out of them, without end. */
  readonly writer: (values: Values) => (part: Part) => LaneEvent;
}

/** Rule of the pack that every kubectl out of a temporary folder must raise. */
export const IN_TEMPORARY_DIRECTORY = '123af412-09e7-5446-9f66-8782bb4c7ea3';
