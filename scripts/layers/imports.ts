import ts from 'typescript';
import type { ProjectFile } from '../project.js';

/** One place where a file names another module. */
export interface ImportSite {
  /** As written: `#core`, `./mailbox.js`, `node:fs`. */
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
  /** Whether the module is loaded before the importing one runs: not for types, nor for `import()` and worker URLs. */
  readonly atLoad: boolean;
}

/** Finds imports, re-exports, `import()` as call and as type, and `new URL('./x.js', import.meta.url)`. */
export function readImports(file: ProjectFile): ImportSite[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext);
  const sites: ImportSite[] = [];
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      sites.push({ specifier: found.specifier, line, atLoad: found.atLoad });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sites;
}

function importOf(node: ts.Node): { specifier: string; atLoad: boolean } | undefined {
  if (ts.isImportDeclaration(node)) {
    const typesOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return literal(node.moduleSpecifier, !typesOnly);
  }
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, !node.isTypeOnly);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal, false) : undefined;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return literal(node.arguments[0], false);
  if (isModuleUrl(node)) return literal(node.arguments?.[0], false);
  return undefined;
}

/** The URL of a module, such as a worker's entry; that of a folder or another file is no import. */
function isModuleUrl(node: ts.Node): node is ts.NewExpression {
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'URL') return false;
  const [path, base] = node.arguments ?? [];
  const relativeToModule = base !== undefined && ts.isPropertyAccessExpression(base) && ts.isMetaProperty(base.expression);
  return relativeToModule && path !== undefined && ts.isStringLiteralLike(path) && path.text.endsWith('.js');
}

function literal(node: ts.Node | undefined, atLoad: boolean): { specifier: string; atLoad: boolean } | undefined {
  return node && ts.isStringLiteralLike(node) ? { specifier: node.text, atLoad } : undefined;
}
