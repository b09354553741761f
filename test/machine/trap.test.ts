import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSections, writeSections } from "../../src/kbuild/wasmSections.ts";
import { asInit } from "../boot.ts";

const image = readFileSync(new URL("../../build/vmlinux.wasm", import.meta.url));

const sections = readSections(new Uint8Array(image)).filter(({ name }) => name !== "name");
const stripped = writeSections(sections) as Uint8Array<ArrayBuffer>;

describe("a kernel shipped without names, as the page has it", () => {
  it("traces calls with their callers", async () => {
    const trace = await asInit(
      async (sys) => {
        const file = (name: string) => `/sys/kernel/tracing/${name}`;
        const write = async (name: string, text: string) => {
          const fd = await sys.open(file(name), 0o1001);
          await sys.write(fd, new TextEncoder().encode(text));
          await sys.close(fd);
        };
        await write("set_ftrace_filter", "__x64_sys_getpid\n");
        await write("current_tracer", "function\n");
        await sys.getpid();
        const fd = await sys.open(file("trace"), 0);
        return new TextDecoder().decode(await sys.read(fd, 65536));
      },
      { vmlinux: new WebAssembly.Module(stripped) },
    );
    expect(trace).toContain("__x64_sys_getpid <-x64_sys_call");
  });

  it("names the functions of an oops all the same", async () => {
    expect(stripped.length).toBeLessThan(image.length);
    const log = await asInit(
      async (sys) => {
        const child = await sys.fork((own) => own.raw(4, 0xfffffff0, 0xfffffff0)); // stat(bad address)
        await sys.wait4(child, 0);
        return new TextDecoder().decode(await sys.syslog(3, 1 << 18));
      },
      { vmlinux: new WebAssembly.Module(stripped) },
    );
    const trace = log.slice(log.indexOf("Call Trace:"), log.indexOf("</TASK>"));
    expect(trace).toMatch(/ x64_sys_call\+0x0\/0x[0-9a-f]+\n/);
    expect(trace).toMatch(/ do_syscall_64\+0x0\/0x[0-9a-f]+\n/);
  });
});
