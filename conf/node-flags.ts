import type { Configuration } from './configuration.js';
import type { Option } from './option.js';
import { envJavaOpts, envJavaOptsClient, envJavaOptsJobManager, envJavaOptsTaskManager } from './options/processes.js';

/** Flags of `env.java.opts`, split into those for Node and those only a Java machine knows. */
export interface RuntimeFlags {
  readonly node: readonly string[];
  readonly java: readonly string[];
}

/** The processes that have flags of their own beside the common ones. */
export type ProcessKind = 'jobmanager' | 'taskmanager' | 'client';

const OWN_FLAGS: Readonly<Record<ProcessKind, Option<string>>> = {
  jobmanager: envJavaOptsJobManager,
  taskmanager: envJavaOptsTaskManager,
  client: envJavaOptsClient,
};

/** How flags of a Java machine begin that Node does not know, or would refuse to start with. */
const JAVA_FLAG = new RegExp(
  `^-(${[
    'XX:',
    'X[a-z]+',
    'D',
    'javaagent:',
    'agentlib:',
    'agentpath:',
    'verbose',
    'ea',
    'da',
    'esa',
    'dsa',
    'server$',
    'client$',
    'd(32|64)$',
    String.raw`-(add-(opens|exports|modules|reads)|illegal-access|enable-native-access)\b`,
  ].join('|')})`,
);
/** Those that take the following word as their value. */
const JAVA_FLAG_WITH_VALUE = /^--(add-(opens|exports|modules|reads)|enable-native-access)$/;
const WORD = /"([^"]*)"|'([^']*)'|([^\s"']+)/g;

/** Splits a command line into words, as a shell does: quotes keep blanks. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let end = -1;
  for (const match of text.matchAll(WORD)) {
    const part = match[1] ?? match[2] ?? match[3] ?? '';
    if (match.index === end) words.push(`${words.pop() ?? ''}${part}`);
    else words.push(part);
    end = match.index + match[0].length;
  }
  return words;
}

/** Splits flags as users write them in `env.java.opts`. */
export function splitFlags(text: string): RuntimeFlags {
  const node: string[] = [];
  const java: string[] = [];
  let valueOfJavaFlag = false;
  for (const word of wordsOf(text)) {
    const isJava = valueOfJavaFlag || JAVA_FLAG.test(word);
    (isJava ? java : node).push(word);
    valueOfJavaFlag = !valueOfJavaFlag && JAVA_FLAG_WITH_VALUE.test(word);
  }
  return { node, java };
}

/** The flags with which a process of this kind is started: the common ones, then its own. Java flags are left out. */
export function nodeFlags(configuration: Configuration, kind: ProcessKind): readonly string[] {
  return [envJavaOpts, OWN_FLAGS[kind]].flatMap((option) => splitFlags(configuration.get(option)).node);
}
