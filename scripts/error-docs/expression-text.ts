import ts from 'typescript';

/** What names stand for: constants of the file, and parameters of a constructor whose arguments are known. */
export type Bindings = ReadonlyMap<string, ts.Expression>;

/**
 * Renders the expression of a message for people: what is computed at run time stands as `<name>`, and `[this|that]` where it depends.
 * @example `port ${address.port} is in use${hint ? ', see the log' : ''}` gives "port <port> is in use[, see the log]"
 */
export function expressionText(expression: ts.Expression, bindings: Bindings): string {
  const { node, bindings: left } = followed(expression, bindings);
  const render = (inner: ts.Expression): string => expressionText(inner, left);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => render(span.expression) + span.literal.text).join('');
  }
  if (ts.isConditionalExpression(node)) return alternatives(render(node.whenTrue), render(node.whenFalse));
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.PlusToken) return render(node.left) + render(node.right);
    if (operator === ts.SyntaxKind.QuestionQuestionToken) return alternatives(render(node.left), render(node.right));
  }
  return `<${nameOf(node)}>`;
}

/** The text of a string that is known without running the code; of `given ?? 'TEXT'`, the text that is known. */
export function knownText(expression: ts.Expression | undefined, bindings: Bindings): string | undefined {
  if (!expression) return undefined;
  const node = unwrapped(expression, bindings);
  if (ts.isStringLiteralLike(node)) return node.text;
  const isDefault = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
  return isDefault ? knownText(node.right, bindings) : undefined;
}

/** Follows parentheses, type assertions and bound names. */
export function unwrapped(expression: ts.Expression, bindings: Bindings): ts.Expression {
  return followed(expression, bindings).node;
}

/** Also answers what names stand for in what was found: a name that was followed does not stand for itself. */
function followed(expression: ts.Expression, bindings: Bindings): { readonly node: ts.Expression; readonly bindings: Bindings } {
  if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)) {
    return followed(expression.expression, bindings);
  }
  if (ts.isNonNullExpression(expression)) return followed(expression.expression, bindings);
  const bound = ts.isIdentifier(expression) ? bindings.get(expression.text) : undefined;
  if (!bound || bound === expression) return { node: expression, bindings };
  return followed(bound, withoutName(bindings, expression));
}

function withoutName(bindings: Bindings, name: ts.Expression): Bindings {
  return new Map([...bindings].filter(([key]) => !ts.isIdentifier(name) || key !== name.text));
}

function alternatives(left: string, right: string): string {
  const texts = [left, right].filter((text) => text !== '');
  return texts.length === 0 ? '' : `[${texts.join('|')}]`;
}

/** A short name for a value: of a chain the fact it starts from, of a call its argument, or the function when there are several. */
function nameOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node)) return nameOf(node.expression);
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'length' ? `number of ${nameOf(node.expression)}` : node.name.text;
  if (ts.isElementAccessExpression(node)) return nameOf(node.expression);
  if (ts.isCallExpression(node)) return nameOfCall(node);
  if (ts.isBinaryExpression(node)) return nameOf(node.left);
  return 'value';
}

function nameOfCall(call: ts.CallExpression): string {
  if (ts.isPropertyAccessExpression(call.expression) && !isGlobal(call.expression.expression)) return nameOf(call.expression.expression);
  const [first, ...others] = call.arguments;
  return first && others.length === 0 ? nameOf(first) : nameOf(call.expression);
}

function isGlobal(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && /^(JSON|Math|Object|Array|Number|String)$/.test(node.text);
}
