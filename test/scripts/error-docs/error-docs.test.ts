import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ERROR_DOCS, errorDocs } from '../../../scripts/error-docs/error-docs.js';
import { readErrors, type ErrorKind } from '../../../scripts/error-docs/read-errors.js';
import { projectRoot, readSources, type ProjectFile } from '../../../scripts/project.js';

function file(path: string, text: string): ProjectFile {
  return { path, text };
}

function only(text: string): ErrorKind {
  const { kinds, problems } = readErrors([file('core/x.ts', text)]);
  expect(problems).to.deep.equal([]);
  expect(kinds).to.have.length(1);
  return kinds[0]!;
}

describe('docs/errors.md', () => {
  it('is what the error classes say; "npm run generate" brings it up to date', () => {
    expect(readFileSync(join(projectRoot, ERROR_DOCS), 'utf8')).to.equal(errorDocs(readSources()));
  });
});

describe('reading error classes', () => {
  it('takes the fields, the comment and the place', () => {
    const kind = only(`
      /** A port is taken. Seen at start. */
      export class PortInUseError extends FlinkError {
        constructor(readonly port: number, hint: string | undefined) {
          super({
            code: 'PORT_IN_USE', blame: 'external', retriable: true,
            message: \`port \${address.port} is in use\${hint ? ', see the log' : ''}\`,
            action: 'Choose another ' + 'port.',
          });
        }
      }`);
    expect(kind).to.deep.equal({
      code: 'PORT_IN_USE',
      className: 'PortInUseError',
      path: 'core/x.ts',
      meaning: 'A port is taken. Seen at start.',
      message: 'port <port> is in use[, see the log]',
      action: 'Choose another port.',
      blame: 'external',
      retriable: 'yes',
    });
  });

  it('names what is computed after the fact it is computed from', () => {
    const kind = only(`
      class SlotsError extends FlinkError {
        constructor(missing: string[], message: string) {
          const action = 'not this';
          super({ code: 'SLOTS', blame: 'user', message, action:
            \`Free \${missing.length} of \${missing.map(quote).join(', ')}, \${listOf(slots)}, \${between(low, high)}.\` });
        }
      }`);
    expect(kind.message).to.equal('<message>');
    expect(kind.action).to.equal('Free <number of missing> of <missing>, <slots>, <between>.');
    expect(kind.retriable).to.equal('no');
  });

  it('follows constants and classes in between, in whatever file they stand', () => {
    const { kinds, problems } = readErrors([
      file(
        'connectors/b.ts',
        `class TopicError extends KafkaError {
          constructor(topic: string) { super('TOPIC_GONE', \`topic "\${topic}" is gone\`, MEND); }
        }
        const MEND = 'Make it.';`,
      ),
      file(
        'connectors/a.ts',
        `class KafkaError extends FlinkError {
          constructor(code: string, message: string, action: string) { super({ code, message, action, blame: 'external' }); }
        }`,
      ),
    ]);
    expect(problems).to.deep.equal([]);
    expect(kinds.map(({ code, message, action, blame }) => [code, message, action, blame])).to.deep.equal([
      ['TOPIC_GONE', 'topic "<topic>" is gone', 'Make it.', 'external'],
    ]);
  });

  it('knows classes that take over the code of the error they wrap', () => {
    const kind = only(`
      class WrappedError extends FlinkError {
        constructor(cause: FlinkError) { super({ code: cause.code, message: 'wrapped', action: cause.action, blame: cause.blame, cause }); }
      }`);
    expect([kind.code, kind.className, kind.action, kind.blame]).to.deep.equal([undefined, 'WrappedError', '<action>', '<blame>']);
  });

  it('refuses a code used twice, a code that is computed and an error without a class', () => {
    const same = (name: string): string =>
      `class ${name} extends FlinkError { constructor() { super({ code: 'SAME', message: 'm', action: 'A.', blame: 'user' }); } }`;
    const { problems } = readErrors([
      file('core/a.ts', same('A')),
      file('conf/b.ts', same('B')),
      file('conf/c.ts', 'class C extends FlinkError { constructor(n: number) { super({ code: codeOf(n), message, action, blame }); } }'),
      file('conf/d.ts', "throw new FlinkError({ code: 'D' });"),
    ]);
    expect(problems).to.deep.equal([
      'conf/d.ts: makes a FlinkError itself; give the error a class of its own',
      'conf/c.ts: the code of C is not a text that can be read from the source',
      'conf/b.ts: code "SAME" of B is already that of A',
    ]);
  });
});
