import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeConfFiles } from './conf-files.js';
import { hadoopJars } from './hadoop-jars.js';
import { planHdfs } from './hdfs.js';
import { confDirectory } from './java-daemon.js';
import { Ports } from './ports.js';
import type { PlanContext, ServicePlan, TestbedOptions } from './service.js';
import { planYarn } from './yarn.js';

/** Everything that a testbed consists of. Plain data: a file in its directory, by which another process finds it. */
export interface TestbedPlan {
  readonly home: string;
  readonly jars: string;
  readonly services: readonly ServicePlan[];
  readonly conf: Readonly<Record<string, string>>;
}

/** Every service that there is, in the order in which they start. */
const SERVICES = {
  hdfs: (context: PlanContext, options: TestbedOptions) => planHdfs(context, options.hdfs ?? {}),
  yarn: (context: PlanContext, options: TestbedOptions) => planYarn(context, options.yarn ?? {}),
};

export type ServiceName = keyof typeof SERVICES;
export const SERVICE_NAMES = Object.keys(SERVICES) as readonly ServiceName[];

/** Chooses ports, and writes the configuration and the plan into the testbed's directory. */
export async function planTestbed(home: string, options: TestbedOptions, say: (line: string) => void): Promise<TestbedPlan> {
  const jars = hadoopJars(say);
  for (const folder of ['logs', 'run', 'data']) mkdirSync(join(home, folder), { recursive: true });
  const context: PlanContext = { home, jars, ports: await Ports.reserve(home) };
  const services: ServicePlan[] = [];
  for (const name of SERVICE_NAMES) if (isWanted(name, options)) services.push(await SERVICES[name](context, options));
  const conf = Object.assign({}, ...services.map((service) => service.conf), options.conf) as Record<string, string>;
  writeConfFiles(confDirectory(home), conf);
  const plan: TestbedPlan = { home, jars, services, conf };
  writeFileSync(planFile(home), JSON.stringify(plan, undefined, 2));
  return plan;
}

function isWanted(name: ServiceName, options: TestbedOptions): boolean {
  return options[name] !== undefined || (name === 'hdfs' && options.yarn !== undefined);
}

/** The plan of a testbed that was made before; undefined when the directory has none. */
export function readPlan(home: string): TestbedPlan | undefined {
  return existsSync(planFile(home)) ? (JSON.parse(readFileSync(planFile(home), 'utf8')) as TestbedPlan) : undefined;
}

function planFile(home: string): string {
  return join(home, 'testbed.json');
}
