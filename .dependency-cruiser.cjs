const packages = ['tensor-core', 'nn', 'diffad', 'bench'];

/** A package may import those below it, by name only. */
const downwards = packages.map((name, i) => ({
  name: `${name}-imports-only-downwards`,
  severity: 'error',
  from: { path: `^packages/${name}/` },
  to: { path: `^packages/(${packages.slice(i + 1).join('|') || 'none'})/` },
}));

const deep = packages.map((name) => ({
  name: `${name}-by-name-only`,
  comment: 'other packages import the index, never a path inside',
  severity: 'error',
  from: { path: `^(packages/(?!${name}/)|examples/)` },
  to: { path: `^packages/${name}/src/(?!index\\.ts$|node\\.ts$)` },
}));

const core = 'packages/tensor-core/src';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...downwards,
    ...deep,
    {
      name: 'pure-parts',
      comment: 'shapes, dtypes, random numbers and WGSL text know neither GPU nor tensors',
      severity: 'error',
      from: { path: `^${core}/(shape|dtype|errors)\\.ts|^${core}/(rng|wgsl)/` },
      to: { path: `^${core}/(gpu|ops|autograd)/|^${core}/(tensor|op|dispatch|scope)\\.ts` },
    },
    {
      name: 'gpu-knows-no-tensor',
      severity: 'error',
      from: { path: `^${core}/gpu/` },
      to: { path: `^${core}/(ops|autograd)/|^${core}/(tensor|op|dispatch|scope)\\.ts` },
    },
    {
      name: 'autograd-knows-no-op',
      severity: 'error',
      from: { path: `^${core}/autograd/` },
      to: { path: `^${core}/ops/|^${core}/op\\.ts` },
    },
    {
      name: 'node-only-at-the-edges',
      severity: 'error',
      from: { path: '^packages/(tensor-core|nn|diffad)/src/', pathNot: '/node/|/cli/|/node\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
