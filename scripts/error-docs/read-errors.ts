import ts from 'typescript';
import type { ProjectFile } from '../project.js';
import { expressionText, knownText, unwrapped, type Bindings } from './expression-text.js';

/** A kind of error, as its class declares it. */
export interface ErrorKind {
  /** Undefined for a class that takes over the code of the error it wraps. */
  readonly code: string | undefined;
  readonly className: string;
  readonly path: string;
  /** The comment above the class. */
  readonly meaning: string;
  readonly message: string;
  readonly action: string;
  readonly blame: string;
  readonly retriable: string;
}

export interface ErrorKinds {
  /** Sorted by code, those without one last. */
  readonly kinds: readonly ErrorKind[];
  /** What cannot be documented: a code used twice, a code that is not a text, an error without a class. */
  readonly problems: readonly string[];
}

const ROOT = 'FlinkError';

interface ErrorClass {
  readonly name: string;
  readonly base: string;
  readonly path: string;
  readonly node: ts.ClassDeclaration;
  readonly constants: Bindings;
}

type Classes = ReadonlyMap<string, ErrorClass>;

/** The object given to FlinkError's constructor, and what the names in it stand for. */
interface Fields {
  readonly object: ts.ObjectLiteralExpression;
  readonly bindings: Bindings;
}

/** Reads every subclass of FlinkError from the sources, also those that pass through a class of their own in between. */
export function readErrors(files: readonly ProjectFile[]): ErrorKinds {
  const problems: string[] = [];
  const classes = new Map<string, ErrorClass>();
  for (const file of files) {
    const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true);
    for (const found of classesOf(source, file.path)) {
      if (classes.has(found.name) && descends(found, classes)) problems.push(`${file.path}: a second class is named "${found.name}"`);
      else classes.set(found.name, found);
    }
    if (file.text.includes(`new ${ROOT}(`)) problems.push(`${file.path}: makes a ${ROOT} itself; give the error a class of its own`);
  }
  const errors = [...classes.values()].filter((each) => descends(each, classes));
  const kinds = errors.flatMap((each) => kindOf(each, classes, errors, problems));
  kinds.sort((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
  return { kinds, problems: [...problems, ...duplicates(kinds)] };
}

function classesOf(source: ts.SourceFile, path: string): ErrorClass[] {
  const constants = constantsOf(source);
  const classes: ErrorClass[] = [];
  const visit = (node: ts.Node): void => {
    const base = ts.isClassDeclaration(node) ? baseOf(node) : undefined;
    if (base !== undefined && ts.isClassDeclaration(node) && node.name) {
      classes.push({ name: node.name.text, base, path, node, constants });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return classes;
}

function constantsOf(source: ts.SourceFile): Bindings {
  const constants = new Map<string, ts.Expression>();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name) && initializer && !ts.isFunctionLike(initializer)) constants.set(name.text, initializer);
    }
  }
  return constants;
}

function baseOf(node: ts.ClassDeclaration): string | undefined {
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const base = clause?.types[0]?.expression;
  return base && ts.isIdentifier(base) ? base.text : undefined;
}

function descends(each: ErrorClass, classes: Classes): boolean {
  const seen = new Set<string>();
  let base: string | undefined = each.base;
  while (base !== undefined && base !== ROOT && !seen.has(base)) {
    seen.add(base);
    base = classes.get(base)?.base;
  }
  return base === ROOT;
}

function kindOf(each: ErrorClass, classes: Classes, errors: readonly ErrorClass[], problems: string[]): ErrorKind[] {
  const { name: className, path } = each;
  const fields = fieldsOf(each, undefined, classes);
  const code = fields && knownText(property(fields, 'code'), fields.bindings);
  if (!fields || (code === undefined && !takesOverCode(fields))) {
    const isBase = errors.some(({ base }) => base === className);
    if (!isBase) problems.push(`${path}: the code of ${className} is not a text that can be read from the source`);
    return [];
  }
  const text = (name: string): string => {
    const value = property(fields, name);
    return value ? expressionText(value, fields.bindings) : '';
  };
  const retriable = retriableText(property(fields, 'retriable'));
  const meaning = commentOf(each.node);
  return [{ code, className, path, meaning, message: text('message'), action: text('action'), blame: text('blame'), retriable }];
}

/** Follows `super(...)` up to FlinkError; `args` are what a subclass passes to the constructor of `each`. */
function fieldsOf(each: ErrorClass, args: Bindings | undefined, classes: Classes): Fields | undefined {
  const constructor = each.node.members.find(ts.isConstructorDeclaration);
  const bindings = new Map([...each.constants, ...(args ?? [])]);
  const base = classes.get(each.base);
  if (!constructor) return base && fieldsOf(base, args, classes);
  const call = superCallOf(constructor);
  if (!call) return undefined;
  if (each.base !== ROOT) return base && fieldsOf(base, argumentsOf(call, base, bindings), classes);
  const [first] = call.arguments;
  const object = first && unwrapped(first, bindings);
  return object && ts.isObjectLiteralExpression(object) ? { object, bindings } : undefined;
}

function superCallOf(constructor: ts.ConstructorDeclaration): ts.CallExpression | undefined {
  let found: ts.CallExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword) found ??= node;
    else ts.forEachChild(node, visit);
  };
  visit(constructor);
  return found;
}

/** Binds the parameters of the base's constructor to the arguments; names known here are resolved here, where they mean something. */
function argumentsOf(call: ts.CallExpression, base: ErrorClass, bindings: Bindings): Bindings {
  const parameters = base.node.members.find(ts.isConstructorDeclaration)?.parameters ?? [];
  const bound = new Map<string, ts.Expression>();
  for (const [index, { name }] of parameters.entries()) {
    const argument = call.arguments[index];
    if (argument && ts.isIdentifier(name)) bound.set(name.text, unwrapped(argument, bindings));
  }
  return bound;
}

function property(fields: Fields, name: string): ts.Expression | undefined {
  let value: ts.Expression | undefined;
  for (const each of fields.object.properties) {
    if (ts.isPropertyAssignment(each) && each.name.getText() === name) value = each.initializer;
    else if (ts.isShorthandPropertyAssignment(each) && each.name.text === name) value = each.name;
    else if (ts.isSpreadAssignment(each)) {
      const object = unwrapped(each.expression, fields.bindings);
      if (ts.isObjectLiteralExpression(object)) value = property({ object, bindings: fields.bindings }, name) ?? value;
    }
  }
  return value;
}

/** Whether the code is that of another error: `code: cause.code`. */
function takesOverCode(fields: Fields): boolean {
  const value = property(fields, 'code');
  const code = value && unwrapped(value, fields.bindings);
  return code !== undefined && ts.isPropertyAccessExpression(code) && code.name.text === 'code';
}

function sortKey({ code, className }: ErrorKind): string {
  return code === undefined ? `~${className}` : code;
}

function retriableText(value: ts.Expression | undefined): string {
  if (!value || value.kind === ts.SyntaxKind.FalseKeyword) return 'no';
  return value.kind === ts.SyntaxKind.TrueKeyword ? 'yes' : 'depends';
}

function commentOf(node: ts.ClassDeclaration): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comment?.comment) ?? '';
  return text
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .split(/\n\s*\n/)[0]!
    .replace(/\s+/g, ' ')
    .trim();
}

function duplicates(kinds: readonly ErrorKind[]): string[] {
  return kinds.flatMap(({ code, className, path }, index) => {
    const previous = kinds[index - 1];
    return code !== undefined && previous?.code === code
      ? [`${path}: code "${code}" of ${className} is already that of ${previous.className}`]
      : [];
  });
}
