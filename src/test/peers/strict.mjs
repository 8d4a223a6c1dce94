// What a strict client does with a list: it knows no field that the specification lacks, and compiles each schema.
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

// What a tool of the official suite has and Ajv's strict mode lacks: an $anchor, and in one branch the
// requirement of what another one declares.
const ajv = addFormats.default(new Ajv2020({ strict: true, strictRequired: false, keywords: ['$anchor'] }));

/** What the SDK's own schema has against an entry when nothing unknown is let through. */
export const misread = (schema, entry) => {
  const read = schema.strict().safeParse(entry);
  return read.success ? [] : [`${entry.name}: ${read.error.message}`];
};

/** What is wrong with a tool's schemas: they don't compile, or say nothing of properties. */
export const unsound = tool =>
  ['inputSchema', 'outputSchema']
    .filter(name => name === 'inputSchema' || tool[name] !== undefined)
    .flatMap(name => {
      const schema = tool[name];
      if (schema?.type !== 'object' || typeof schema.properties !== 'object') return [`${tool.name}: ${name} has no properties`];
      try {
        ajv.compile(schema);
        return [];
      } catch (error) {
        return [`${tool.name}: ${name}: ${error.message}`];
      }
    });

/** The smallest value that a schema allows; `given` has those of some properties. */
export const least = (schema, given = {}) => {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [name, given[name] ?? least(property)]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => least(schema.items));
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    default:
      return 'a'.repeat(schema.minLength ?? 1);
  }
};
