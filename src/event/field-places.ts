import { assertNever } from '../base/invariant.ts';

/**
 * Where the values of a rule's field stand in records of one shape.
 *
 * - `absent`: no record has it.
 * - `own`: it is the scalar that stands under this key of the record, but that a text among `nothing` is none; an object or
 *   list there must be read in full.
 * - `member`: it is the scalar that stands under this key of this object, but that a text among `nothing`, `null`, an object or list
 *   there must be read in full. Where none stands there, it may be made of what stands under the paths of `others`, whole.
 * - `texts`: each value of the field, as text, stands as a whole under one of these paths (in a list, in objects of a
 *   list), or is absent. Where nothing stands under any of them, the field is absent.
 * - `words`: each run of ASCII letters and digits in a value stands in some value under these paths, but perhaps not the name of a
 *   digest (`SHA256`): where a source's values are split, joined or trimmed.
 */
export type FieldPlaces =
  | { readonly kind: 'absent' }
  | { readonly kind: 'own'; readonly key: string; readonly nothing: ReadonlySet<string> }
  | {
      readonly kind: 'member';
      readonly object: string;
      readonly key: string;
      readonly others: readonly string[];
      readonly nothing: ReadonlySet<string>;
    }
  | { readonly kind: 'texts'; readonly paths: readonly string[] }
  | { readonly kind: 'words'; readonly paths: readonly string[] };

/** Every path under which something of the field may stand. */
export function pathsOf(places: FieldPlaces): readonly string[] {
  switch (places.kind) {
    case 'absent':
      return [];
    case 'own':
      return [places.key];
    case 'member':
      return [`${places.object}.${places.key}`, ...places.others];
    case 'texts':
    case 'words':
      return places.paths;
    default:
      return assertNever(places);
  }
}
