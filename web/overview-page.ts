/** The page at `/`: what the cluster has and does, refreshed by itself. Plain HTML; everything it shows comes from the REST paths. */
export const overviewPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>flink-ts</title>
<style>
  :root { color-scheme: light dark; --line: #8884; --soft: #8882; }
  body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem 1.5rem 4rem; }
  h1 { font-size: 1.3rem; margin: 0 0 1rem; } h1 small { font-weight: normal; opacity: .65; }
  h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left;
    padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
  th { font-weight: 600; opacity: .7; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
  code { font: 13px ui-monospace, monospace; } a { color: inherit; }
  dl { display: flex; flex-wrap: wrap; gap: .6rem; margin: 0; }
  dl div { background: var(--soft); border-radius: .4rem; padding: .5rem .9rem; }
  dt { font-size: .8rem; opacity: .7; } dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
  .RUNNING, .FINISHED { color: #2a8a3e; } .FAILED, .FAILING { color: #d03535; } .CANCELED, .CANCELLING { color: #b07a10; }
  #trouble { background: #d0353522; border-radius: .4rem; padding: .5rem .9rem; } [hidden] { display: none; }
  pre { background: var(--soft); border-radius: .4rem; padding: .8rem; overflow: auto; }
  button { font: inherit; }
</style>
</head>
<body>
<h1>flink-ts <small id="version"></small></h1>
<p id="trouble" hidden role="status"></p>
<dl id="counts" aria-label="Cluster"></dl>
<h2>Jobs</h2>
<table><thead><tr><th>Name</th><th>Id</th><th>State</th><th>Start</th><th class="number">Duration</th><th class="number">Tasks</th>
<th></th></tr></thead>
<tbody id="jobs"></tbody></table>
<section id="job" hidden><h2 id="job-name"></h2>
<table><thead><tr><th>Vertex</th><th>From</th><th>State</th><th class="number">Parallelism</th><th class="number">Records in</th>
<th class="number">Records out</th><th class="number">Busy</th></tr></thead>
<tbody id="vertices"></tbody></table><pre id="failure" hidden></pre></section>
<h2>TaskManagers</h2>
<table><thead><tr><th>Id</th><th>Address</th><th class="number">Slots</th><th class="number">Free</th>
<th class="number">Managed memory</th><th>Log</th></tr></thead>
<tbody id="taskmanagers"></tbody></table>
<script>
const byId = (id) => document.getElementById(id);
const ask = async (path, options) => {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.errors?.join('; ') ?? response.statusText);
  return body;
};
const cell = (content, className) => {
  const td = document.createElement('td');
  td.append(content);
  if (className) td.className = className;
  return td;
};
const fill = (id, rows) => byId(id).replaceChildren(...rows.map((cells) => {
  const tr = document.createElement('tr');
  tr.append(...cells);
  return tr;
}));
const element = (name, text, attributes) => Object.assign(document.createElement(name), { textContent: text }, attributes);
const duration = (ms) => ms < 0 ? '–' : ms < 1000 ? ms + ' ms' : ms < 60000 ? (ms / 1000).toFixed(1) + ' s'
  : Math.floor(ms / 60000) + ' min ' + Math.floor(ms / 1000) % 60 + ' s';
const count = (number) => number.toLocaleString();
const megabytes = (bytes) => count(Math.round(bytes / 1048576)) + ' MB';

function showOverview(overview) {
  const shown = [['TaskManagers', 'taskmanagers'], ['Slots', 'slots-total'], ['Free slots', 'slots-available'], ['Running', 'jobs-running'],
    ['Finished', 'jobs-finished'], ['Cancelled', 'jobs-cancelled'], ['Failed', 'jobs-failed']];
  byId('counts').replaceChildren(...shown.map(([title, key]) => {
    const box = document.createElement('div');
    box.append(element('dt', title), element('dd', count(overview[key])));
    return box;
  }));
  byId('version').textContent = overview['flink-version'] + ' (' + overview['flink-commit'] + ')';
}
function cancelButton(job) {
  if (['FINISHED', 'CANCELED', 'FAILED'].includes(job.state)) return '';
  const button = element('button', 'Cancel');
  button.onclick = () => ask('jobs/' + job.jid + '?mode=cancel', { method: 'PATCH' }).then(refresh, trouble);
  return button;
}
function showJobs({ jobs }) {
  jobs.sort((a, b) => b['start-time'] - a['start-time']);
  fill('jobs', jobs.map((job) => [
    cell(element('a', job.name, { href: '#' + job.jid })), cell(element('code', job.jid)), cell(job.state, job.state),
    cell(new Date(job['start-time']).toLocaleString()), cell(duration(job.duration), 'number'),
    cell(job.tasks.running + ' of ' + job.tasks.total, 'number'), cell(cancelButton(job)),
  ]));
}
async function showJob() {
  const jobId = location.hash.slice(1);
  byId('job').hidden = jobId === '';
  if (jobId === '') return;
  const [job, exceptions] = await Promise.all([ask('jobs/' + jobId), ask('jobs/' + jobId + '/exceptions')]);
  byId('job-name').textContent = job.name + ' · ' + job.state;
  const position = new Map(job.vertices.map((vertex, index) => [vertex.id, index + 1]));
  const inputsOf = (node) => (node.inputs ?? []).map(({ id, ship_strategy }) => position.get(id) + ' ' + ship_strategy);
  const inputs = new Map(job.plan.nodes.map((node) => [node.id, inputsOf(node)]));
  fill('vertices', job.vertices.map((vertex, index) => [
    cell((index + 1) + '. ' + vertex.name), cell(inputs.get(vertex.id).join(', ')), cell(vertex.status, vertex.status),
    cell(vertex.parallelism, 'number'), cell(count(vertex.metrics['read-records']), 'number'),
    cell(count(vertex.metrics['write-records']), 'number'),
    cell(duration(vertex.metrics['accumulated-busy-time']), 'number'),
  ]));
  byId('failure').hidden = exceptions['root-exception'] === null;
  byId('failure').textContent = exceptions['root-exception'] ?? '';
}
function showTaskManagers({ taskmanagers }) {
  fill('taskmanagers', taskmanagers.map((manager) => [
    cell(element('code', manager.id)), cell(manager.path), cell(manager.slotsNumber, 'number'), cell(manager.freeSlots, 'number'),
    cell(megabytes(manager.hardware.managedMemory), 'number'),
    cell(element('a', 'log', { href: 'taskmanagers/' + encodeURIComponent(manager.id) + '/log' })),
  ]));
}
function trouble(error) {
  byId('trouble').hidden = false;
  byId('trouble').textContent = 'The JobManager does not answer: ' + error.message;
}
async function refresh() {
  try {
    const [overview, jobs, managers] = await Promise.all([ask('overview'), ask('jobs/overview'), ask('taskmanagers')]);
    showOverview(overview); showJobs(jobs); showTaskManagers(managers);
    await showJob();
    byId('trouble').hidden = true;
  } catch (error) { trouble(error); }
}
onhashchange = refresh;
ask('config').then((config) => setInterval(refresh, config['refresh-interval']), trouble);
refresh();
</script>
</body>
</html>
`;
