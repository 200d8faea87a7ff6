/** Keys that every item of a pipeline may have. */
export const itemKeys: readonly string[] = [
  'id',
  'type',
  ...['rule', 'detection_item', 'field_name'].flatMap((kind) => [
    `${kind}_conditions`,
    `${kind}_cond_op`,
    `${kind}_cond_expr`,
    `${kind}_cond_not`,
  ]),
];

/** What each transformation takes besides. */
export const transformationParameters: ReadonlyMap<string, readonly string[]> = new Map([
  ['field_name_mapping', ['mapping']],
  ['field_name_prefix_mapping', ['mapping']],
  ['field_name_prefix', ['prefix']],
  ['field_name_suffix', ['suffix']],
  ['drop_detection_item', []],
  ['value_placeholders', ['include', 'exclude']],
  ['wildcard_placeholders', ['include', 'exclude']],
  ['add_condition', ['conditions', 'name', 'template', 'negated']],
  ['change_logsource', ['product', 'category', 'service']],
  ['add_field', ['field']],
  ['remove_field', ['field']],
  ['set_field', ['fields']],
  ['replace_string', ['regex', 'replacement', 'skip_special', 'interpret_special']],
  ['map_string', ['mapping']],
  ['case', ['method']],
  ['regex', ['method']],
  ['set_value', ['value', 'force_type']],
  ['convert_type', ['target_type']],
  ['hashes_fields', ['valid_hash_algos', 'field_prefix', 'drop_algo_prefix']],
  ['set_state', ['key', 'val']],
  ['set_custom_attribute', ['attribute', 'value']],
  ['rule_failure', ['message']],
  ['detection_item_failure', ['message']],
  ['nest', ['items']],
]);

/** What each condition takes besides its type. */
export const conditionParameters: ReadonlyMap<string, readonly string[]> = new Map([
  ['logsource', ['product', 'category', 'service']],
  ['contains_field', ['field']],
  ['contains_detection_item', ['field', 'value']],
  ['processing_item_applied', ['processing_item_id']],
  ['processing_state', ['key', 'val', 'op']],
  ['rule_attribute', ['attribute', 'value', 'op']],
  ['tag', ['tag']],
  ['is_sigma_rule', []],
  ['is_sigma_correlation_rule', []],
  ['match_string', ['pattern', 'negate', 'cond']],
  ['match_value', ['value', 'cond']],
  ['is_null', ['cond']],
  ['contains_wildcard', ['cond']],
  ['include_fields', ['fields', 'mode', 'match_type']],
  ['exclude_fields', ['fields', 'mode', 'match_type']],
]);
