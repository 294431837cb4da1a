import { compile, lacksProperty, propertyOf } from '../codec/source-text.js';
import type { ObjectField } from './type-info.js';

/**
 * Makes instances of a class from their fields without calling its constructor: as quick as a constructor that assigns them, four times
 * quicker than `Object.create` and `Object.assign`. Private fields (`#name`) are not set.
 */
export function instanceMaker(prototype: object, fields: readonly ObjectField[]): (fields: Readonly<Record<string, unknown>>) => object {
  const assignments = fields.map(({ name, optional }) => {
    const assignment = `${propertyOf('this', name)} = ${propertyOf('fields', name)};`;
    return optional === true ? `if (!(${lacksProperty('fields', name)})) ${assignment}` : assignment;
  });
  const body = [
    `function Instance(fields) { ${assignments.join('\n')} }`,
    'Instance.prototype = prototype;',
    'return (fields) => new Instance(fields);',
  ];
  return compile('instance-maker', body.join('\n'), { prototype }) as (fields: Readonly<Record<string, unknown>>) => object;
}
