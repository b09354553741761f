// lscpu.ts - what is known of the processor.

import { attempt } from "../errno.ts";
import { type Command, utility } from "./command.ts";
import { readSmall } from "./processes.ts";

/** A field, and how deep it lies in the summary. */
interface Field {
  depth: number;
  name: string;
  value: string;
}

async function fieldsOf(c: Command): Promise<Field[]> {
  const text = (await readSmall(c.sys, "/proc/cpuinfo")) ?? "";
  const all = (name: string): string[] =>
    [...text.matchAll(new RegExp(`^${name}\\s*: (.*)`, "gm"))].map((m) => m[1]!);
  const cpus = all("processor");
  const known: [number, string, string | undefined][] = [
    [0, "Architecture", (await c.sys.uname()).machine],
    [1, "Address sizes", all("address sizes")[0]],
    [1, "Byte Order", "Little Endian"],
    [0, "CPU(s)", String(cpus.length)],
    [1, "On-line CPU(s) list", cpus.join(",")],
    [0, "Vendor ID", all("vendor_id")[0]],
    [1, "Model name", all("model name")[0]],
  ];
  return known.flatMap(([depth, name, value]) => (value === undefined ? [] : [{ depth, name, value }]));
}

/** Indented for people, one below the other for programs. */
async function summary(c: Command, fields: Field[]): Promise<string> {
  const tree = (await attempt(c.sys.tcgetattr(1))).ok;
  const labels = fields.map(({ depth, name }) => `${tree ? "  ".repeat(depth) : ""}${name}:`);
  const width = Math.max(...labels.map((label) => label.length)) + 1;
  return fields.map(({ value }, i) => `${labels[i]!.padEnd(width)}${value}\n`).join("");
}

interface Node {
  field: string;
  data: string;
  children?: Node[];
}

function json(fields: Field[]): string {
  const tops: Node[] = [];
  for (const { depth, name, value } of fields) {
    const node: Node = { field: `${name}:`, data: value };
    if (depth === 0) tops.push(node);
    else (tops.at(-1)!.children ??= []).push(node);
  }
  return `${JSON.stringify({ lscpu: tops }, null, 3)}\n`;
}

export const lscpu = utility(
  "lscpu",
  {
    help: `Usage: lscpu [options]
Display information about the CPU architecture.

  -J, --json  use JSON`,
    options: "J,json",
  },
  async (c) => {
    if (c.operands.length > 0) return c.usage("bad usage");
    const fields = await fieldsOf(c);
    await c.out(c.has("J") ? json(fields) : await summary(c, fields));
  },
);
