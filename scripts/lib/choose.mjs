const APT = 'apt-get install -t bookworm-backports mesa-vulkan-drivers libvulkan1';

/**
 * Which adapter to run on, from what the probes found. `system` is the adapter Dawn takes as the machine stands,
 * `packaged` the SwiftShader that came with the packages; each is { name, software } or { error }.
 * Returns { use: 'system' | 'packaged', line } or { error }.
 */
export function choose({ system, packaged, wanted }) {
  const isLavapipe = /llvmpipe/i.test(system.name ?? '');
  if (wanted && !['gpu', 'lavapipe', 'swiftshader'].includes(wanted))
    return { error: `DIFFAD_ADAPTER is '${wanted}'; it may be gpu, lavapipe or swiftshader` };
  if (wanted === 'gpu' && (system.error || system.software))
    return { error: `DIFFAD_ADAPTER=gpu, but there is no GPU (${system.error ?? system.name})` };
  if (wanted === 'lavapipe' && !isLavapipe)
    return { error: `DIFFAD_ADAPTER=lavapipe, but Dawn offers ${system.error ?? system.name}; ${APT}` };
  if (wanted !== 'swiftshader' && !system.error) {
    return {
      use: 'system',
      line: `adapter: ${system.name} (${system.software ? "the system's software driver: no GPU was found" : 'GPU'})`,
    };
  }
  if (!packaged.error)
    return {
      use: 'packaged',
      line: `adapter: ${packaged.name} (packaged software driver${reason(system, wanted)}); about five times faster on Debian 12: ${APT}`,
    };
  return {
    error: `no WebGPU adapter: system: ${system.error ?? system.name}; packaged: ${packaged.error}. Install a driver, on Debian 12: ${APT}`,
  };
}

const reason = (system, wanted) => (wanted === 'swiftshader' ? ': asked for by DIFFAD_ADAPTER' : `: ${system.error}`);
