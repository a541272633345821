import { spawn } from 'node:child_process';

/**
 * Runs a command with this terminal's streams and resolves to its exit status; a missing command is status 127. Signals are passed
 * on, because one may be sent to this process alone; on Windows Ctrl-C reaches every process of the console, and to pass it on would kill.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    process.on('SIGINT', () => process.platform === 'win32' || child.kill('SIGINT'));
    child.on('error', () => resolve(127));
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}
