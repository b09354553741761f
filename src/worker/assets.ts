// assets.ts - what a machine is made of, fetched from the page's host.
import type { PackedRootfs } from "../kbuild/rootfs.ts";
import { decodePrebuilt } from "../kbuild/prebuilt.ts";
import type { BuildAnswer, BuildRequest } from "../user/kpatch/buildJob.ts";

export interface Assets {
  vmlinux: Uint8Array;
  packed: PackedRootfs;
  contents: Uint8Array;
}

async function fetchOk(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response;
}

const fetchBytes = async (url: string) => new Uint8Array(await (await fetchOk(url)).arrayBuffer());

/** @param base URL of the folder; ends with a slash. */
export async function fetchAssets(base: string): Promise<Assets> {
  const [vmlinux, packed, contents] = await Promise.all([
    fetchBytes(`${base}vmlinux.wasm`),
    fetchOk(`${base}rootfs.json`).then((response) => response.json() as Promise<PackedRootfs>),
    fetchBytes(`${base}rootfs.bin`),
  ]);
  return { vmlinux, packed, contents };
}

/** @param key of the request: see prebuiltKey() */
export async function fetchPrebuilt(base: string, key: string, request: BuildRequest): Promise<BuildAnswer> {
  return decodePrebuilt(await (await fetchOk(`${base}prebuilt/${key}.json`)).text(), request);
}
