// node scripts/ci-summary.mjs REPORT.json: closes a CI run with vitest's counts; exits 1 unless every test ran and passed.
import { readFileSync } from 'node:fs';

const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
if (numPendingTests > 0) console.log(`${numPendingTests} tests did not run`);
console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
process.exit(success && numPassedTests > 0 && numPendingTests === 0 ? 0 : 1);
