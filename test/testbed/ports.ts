import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Below what Linux gives to outgoing connections, one of which could else take the port of a daemon that is just being restarted. */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;
const BLOCK = 40;
const TAKING_MS = 2000;

/**
 * The ports of a testbed: a block of numbers that no other testbed of this user takes, less those somebody else listens on. The block stays
 * reserved as long as the testbed's directory exists.
 */
export class Ports {
  #used = 0;

  private constructor(
    private readonly reservation: string,
    private readonly first: number,
  ) {}

  static async reserve(home: string): Promise<Ports> {
    const folder = join(tmpdir(), `flink-ts-testbed-ports-${userInfo().uid}`);
    mkdirSync(folder, { recursive: true });
    const blocks = Math.floor((LAST_PORT - FIRST_PORT + 1) / BLOCK);
    const start = Math.floor(Math.random() * blocks);
    for (let step = 0; step < blocks; step++) {
      const first = FIRST_PORT + ((start + step) % blocks) * BLOCK;
      const reservation = join(folder, String(first));
      if (await take(reservation, home)) return new Ports(reservation, first);
    }
    throw new Error(`all port blocks of ${folder} are taken; remove those of testbeds that are gone`);
  }

  /** A port of the block that nobody listens on. */
  async next(): Promise<number> {
    while (this.#used < BLOCK) {
      const port = this.first + this.#used++;
      if (await free(port)) return port;
    }
    throw new Error('the testbed has no free port left');
  }

  release(): void {
    rmSync(this.reservation, { recursive: true, force: true });
  }
}

/** A directory is made by one only. One whose testbed is gone may be taken over. */
async function take(reservation: string, home: string): Promise<boolean> {
  const owner = join(reservation, 'home');
  try {
    mkdirSync(reservation);
  } catch {
    await pause(existsSync(owner) ? 0 : TAKING_MS); // whoever made it is about to write its name
    if (existsSync(owner) && existsSync(readFileSync(owner, 'utf8'))) return false;
    rmSync(reservation, { recursive: true, force: true });
    return false;
  }
  writeFileSync(owner, home);
  return true;
}

function free(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
