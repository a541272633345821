import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { choose } from './choose.mjs';
import { privateFolder } from './private-folder.mjs';
import { run } from './run.mjs';
import { packagedSwiftShader } from './swiftshader.mjs';

const PROBE = fileURLToPath(new URL('./probe.mjs', import.meta.url));

/** Runs `command` (a program, or node; the project's binaries are on the path) where WebGPU finds an adapter; resolves to its exit status. */
export async function withAdapter(root, [command, ...args]) {
  const base = {
    ...process.env,
    PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    ...runtimeFolder(),
  };
  const wanted = process.env.DIFFAD_ADAPTER;
  const system = wanted === 'swiftshader' ? { error: 'not asked' } : await probe(base);
  const swiftShader = system.error ? packagedSwiftShader(root) : { error: 'not needed' };
  const software = { ...base, ...swiftShader.environment };
  const packaged = swiftShader.error ? swiftShader : await probe(software);
  const choice = choose({ system, packaged, wanted });
  if (choice.error) {
    console.error(`error: ${choice.error}`);
    return 2;
  }
  console.error(choice.line);
  if (!command) return 0;
  return run(command === 'node' ? process.execPath : command, args, {
    cwd: root,
    env: choice.use === 'packaged' ? software : base,
  });
}

/** The Vulkan loader complains about a missing XDG_RUNTIME_DIR. */
function runtimeFolder() {
  if (process.platform !== 'linux' || process.env.XDG_RUNTIME_DIR) return {};
  return { XDG_RUNTIME_DIR: privateFolder(join(tmpdir(), `diffad-runtime-${process.getuid()}`)) };
}

/** A crash or a hang of the driver ends the child, not us. */
function probe(env) {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROBE], { env, timeout: 60_000 }, (failure, stdout) => {
      const last = stdout.trim().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve(JSON.parse(last));
      else resolve({ error: failure?.killed ? 'the driver did not answer within 60 s' : 'the driver crashed' });
    });
  });
}
