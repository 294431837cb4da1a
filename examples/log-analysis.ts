import { OutputTag, ParameterTool, StreamExecutionEnvironment } from 'flink-ts';

/*
 * Reads an access log in the common format: counts requests by status, finds the paths asked for most, and sends lines
 * that are no requests, and requests that failed, to side outputs.
 *
 *   flink-ts run examples/log-analysis.ts --input access.log [--top 10]
 */
interface Request {
  readonly path: string;
  readonly status: number;
}

const LINE = /^\S+ \S+ \S+ \[[^\]]*\] "[A-Z]+ (\S+)[^"]*" (\d{3}) /;
const badLines = new OutputTag<string>('bad-lines');
const failures = new OutputTag<Request>('failures');

const parameters = ParameterTool.fromArgs(process.argv.slice(2));
const top = parameters.getInt('top', 10);

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.setRuntimeMode('BATCH');

const requests = env.readTextFile(parameters.required('input')).process<Request>({
  processElement(line, context, out) {
    const [, path, status] = LINE.exec(line) ?? [];
    if (path === undefined) {
      context.output(badLines, line);
      return;
    }
    const request = { path, status: Number(status) };
    if (request.status >= 500) context.output(failures, request);
    out.collect(request);
  },
});

requests
  .map(({ status }) => ({ status, count: 1 }))
  .keyBy('status')
  .sum('count')
  .print('status');
requests.getSideOutput(failures).print('failed');
requests.getSideOutput(badLines).print('bad line');

const hits = await requests
  .map(({ path }) => ({ path, count: 1 }))
  .keyBy('path')
  .sum('count')
  .executeAndCollect('Log Analysis');

const topPaths: { path: string; count: number }[] = [];
for await (const hit of hits) {
  topPaths.push(hit);
  topPaths.sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
  topPaths.length = Math.min(topPaths.length, top);
}
for (const { path, count } of topPaths) console.log(`${count}\t${path}`);
