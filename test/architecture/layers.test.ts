import { expect } from 'chai';
import { findCycles } from '../../scripts/layers/cycles.js';
import { checkImports } from '../../scripts/layers/rules.js';
import { readSources, type ProjectFile } from '../../scripts/project.js';

function file(path: string, ...lines: string[]): ProjectFile {
  return { path, text: lines.join('\n') };
}

function messages(...files: ProjectFile[]): string[] {
  return checkImports(files).map(({ path, line, message }) => `${path}:${line} ${message}`);
}

describe('layers', () => {
  it('are kept by every file of the project', () => {
    const files = readSources();
    expect(files.length).to.be.greaterThan(10);
    expect([...checkImports(files), ...findCycles(files)]).to.deep.equal([]);
  });

  it('let a folder import the rows above it, and packages', () => {
    const found = messages(
      file('runtime/task/x.ts', "import { a } from '#api';", "import type { b } from '#core';", "import { c } from 'node:fs';"),
      file('cli/x.ts', "import { a } from '#session';", "import { d } from '../package.json';"),
      file('conf/x.ts', "const root = new URL('../..', import.meta.url);"),
      file('index.ts', "export * from './session/index.js';"),
      file('test/core/x.test.ts', "import { x } from '../../core/x.js';"),
    );
    expect(found).to.deep.equal([]);
  });

  it('forbid the own row and the rows below, for types too', () => {
    const found = messages(
      file('core/x.ts', '', "import type { a } from '#conf';"),
      file('table/x.ts', "export { b } from '#runtime';"),
      file('api/x.ts', "import { c } from '#security';", "type D = import('#cli').D;"),
    );
    expect(found).to.deep.equal([
      'core/x.ts:2 "core" may not import "#conf", but nothing',
      'table/x.ts:1 "table" may not import "#runtime", but "#core", "#conf", "#security", "#api"',
      'api/x.ts:1 "api" may not import "#security", but "#core", "#conf"',
      'api/x.ts:2 "api" may not import "#cli", but "#core", "#conf"',
    ]);
  });

  it('forbid reaching into the files of another folder, by import, import() and worker URL', () => {
    const found = messages(
      file(
        'runtime/task/x.ts',
        "import { a } from '../../core/ids.js';",
        "const b = await import('../../api/stream.js');",
        "const c = new Worker(new URL('../../web/server-worker.js', import.meta.url));",
        "import { d } from '../../test/support/harness.js';",
      ),
    );
    expect(found).to.deep.equal([
      'runtime/task/x.ts:1 reaches into "core/ids.js"; import "#core"',
      'runtime/task/x.ts:2 reaches into "api/stream.js"; import "#api"',
      'runtime/task/x.ts:3 reaches into "web/server-worker.js"; import "#web"',
      'runtime/task/x.ts:4 "runtime" may not import from "test", which stands outside the layers',
    ]);
  });

  it('forbid the own index, unknown folders and the package itself', () => {
    const found = messages(
      file(
        'core/log.ts',
        "import { a } from './index.js';",
        "import { b } from '#core';",
        "import { c } from '#tools';",
        "import { d } from 'flink-ts';",
      ),
    );
    expect(found).to.deep.equal([
      'core/log.ts:1 imports its own index "./index.js"; import the file that holds what you need',
      'core/log.ts:2 imports its own index "#core"; import the file that holds what you need',
      'core/log.ts:3 imports "#tools", which is not a folder of the architecture',
      'core/log.ts:4 imports the package itself; the layers import each other as "#folder"',
    ]);
  });

  it('let examples import the package and their neighbours only', () => {
    const found = messages(
      file(
        'examples/x.ts',
        "import { a } from 'flink-ts';",
        "import './words.js';",
        "import { b } from '#api';",
        "import '../core/ids.js';",
      ),
    );
    expect(found).to.deep.equal([
      'examples/x.ts:3 imports "#api"; an example imports "flink-ts", as a program of a user does',
      'examples/x.ts:4 imports "../core/ids.js"; an example imports "flink-ts", as a program of a user does',
    ]);
  });
});

describe('import cycles', () => {
  it('are found once, with the whole way round', () => {
    const cycles = findCycles([
      file('core/a.ts', "import { b } from './b.js';"),
      file('core/b.ts', '', "import { c } from './deep/c.js';"),
      file('core/deep/c.ts', "export { a } from '../a.js';"),
    ]);
    expect(cycles).to.deep.equal([
      { path: 'core/deep/c.ts', line: 1, message: 'closes a cycle of imports: core/a.ts -> core/b.ts -> core/deep/c.ts -> core/a.ts' },
    ]);
  });

  it('are not made by types or by import(), which wait for nobody', () => {
    const cycles = findCycles([
      file('core/a.ts', "import { b } from './b.js';"),
      file('core/b.ts', "import type { A } from './a.js';", "const a = () => import('./a.js');"),
    ]);
    expect(cycles).to.deep.equal([]);
  });
});
