/**
 * Where the values of a rule's field stand in records of one shape.
 *
 * - `absent`: no record has it.
 * - `own`: it is the scalar that stands under this key of the record, but that a text among `nothing` is none; an object or
 *   list there must be read in full.
 * - `texts`: each value of the field, as text, stands as a whole under one of these paths (in a list, in objects of a
 *   list), or is absent. Where nothing stands under any of them, the field is absent.
 * - `words`: each run of ASCII letters and digits in a value stands in some value under these paths, but perhaps not the name of a
 *   digest (`SHA256`): where a source's values are split, joined or trimmed.
 */
export type FieldPlaces =
  | { readonly kind: 'absent' }
  | { readonly kind: 'own'; readonly key: string; readonly nothing: ReadonlySet<string> }
  | { readonly kind: 'texts'; readonly paths: readonly string[] }
  | { readonly kind: 'words'; readonly paths: readonly string[] };
