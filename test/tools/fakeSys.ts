// fakeSys.ts - system calls over a scripted tree of files, for tools that are
// tested without a kernel. A file may be a function: an attribute of sysfs.
// fork runs the child to its end at once; time moves by nanosleep alone.
import { Errno, Mode, Open } from "../../kernel-as/abi.ts";
import { SysError, type Dirent, type Program, type Stat, type SysCalls } from "../../src/user/sys.ts";

export interface Attribute {
  show?: () => string;
  /** A device that gives one record a read. */
  records?: () => string[];
  /** An errno refuses the write. */
  store?: (text: string) => Errno | void;
}

type Node = "dir" | Uint8Array | Attribute;

interface OpenFile {
  read: (count: number) => Uint8Array;
  write: (data: Uint8Array) => void;
  entries?: Dirent[];
}

type Fds = Map<number, OpenFile>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

class Exec extends Error {
  constructor(
    readonly program: Program,
    readonly argv: string[],
  ) {
    super("exec");
  }
}

export interface Result {
  status: number;
  out: string;
  err: string;
}

export class FakeMachine {
  readonly nodes = new Map<string, Node>([["/", "dir"]]);
  readonly programs = new Map<string, Program>();
  /** What finit_module and delete_module do; an errno refuses. */
  insert: (image: Uint8Array, params: string) => Errno | void = () => undefined;
  remove: (name: string) => Errno | void = () => undefined;
  onJob: (job: { kind: string }) => unknown = () => undefined;
  now = 0;
  release = "7.3.4-patchbay";
  /** Commands that were executed, and syslog calls that were made. */
  log: string[] = [];
  syslogCalls: Array<[number, number]> = [];
  private timers: Array<{ at: number; run: () => void }> = [];
  private nextPid = 100;
  private statuses = new Map<number, number>();

  put(path: string, content: string | Uint8Array | Attribute): void {
    const parts = path.split("/").slice(1, -1);
    for (let i = 1; i <= parts.length; i++) this.nodes.set(`/${parts.slice(0, i).join("/")}`, "dir");
    this.nodes.set(path, typeof content === "string" ? encoder.encode(content) : content);
  }

  mkdir(path: string): void {
    this.put(`${path}/.`, "");
    this.nodes.delete(`${path}/.`);
  }

  delete(path: string): void {
    for (const each of [...this.nodes.keys()]) {
      if (each === path || each.startsWith(`${path}/`)) this.nodes.delete(each);
    }
  }

  text(path: string): string {
    const node = this.nodes.get(path);
    if (!(node instanceof Uint8Array)) throw new Error(`${path} is no file`);
    return decoder.decode(node);
  }

  after(seconds: number, run: () => void): void {
    this.timers.push({ at: this.now + seconds * 1e9, run });
  }

  async run(program: Program, ...argv: string[]): Promise<Result> {
    const sinks = [new Uint8Array(), new Uint8Array(), new Uint8Array()];
    const fds: Fds = new Map();
    for (const fd of [1, 2])
      fds.set(
        fd,
        sink((data) => (sinks[fd] = concat(sinks[fd], data))),
      );
    const status = await this.process(program, argv, fds);
    return { status, out: decoder.decode(sinks[1]), err: decoder.decode(sinks[2]) };
  }

  private async process(program: Program, argv: string[], fds: Fds): Promise<number> {
    try {
      return await program({ sys: this.sysCalls(fds), argv, env: new Map([["HOME", "/root"]]) });
    } catch (error) {
      if (error instanceof Exec) return this.process(error.program, error.argv, fds);
      throw error;
    }
  }

  private sleep(ns: number): void {
    const end = this.now + ns;
    for (const timer of this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)) {
      this.now = timer.at;
      timer.run();
    }
    this.timers = this.timers.filter(({ at }) => at > end);
    this.now = end;
  }

  private lookUp(path: string, call: string): Node {
    const node = this.nodes.get(absolute(path));
    if (node === undefined) throw new SysError(Errno.ENOENT, call);
    return node;
  }

  private children(path: string): Dirent[] {
    const prefix = absolute(path) === "/" ? "/" : `${absolute(path)}/`;
    return [...this.nodes.keys()]
      .filter((each) => each.startsWith(prefix) && each !== "/" && !each.slice(prefix.length).includes("/"))
      .map((each) => ({
        name: each.slice(prefix.length),
        ino: 1,
        type: this.nodes.get(each) === "dir" ? 4 : 8,
      }));
  }

  private open(path: string, flags: number): OpenFile {
    const full = absolute(path);
    if ((flags & Open.CREAT) !== 0 && !this.nodes.has(full)) {
      this.lookUp(full.replace(/\/[^/]*$/, "") || "/", "open");
      this.nodes.set(full, new Uint8Array());
    }
    const node = this.lookUp(path, "open");
    if (node === "dir") return { ...sink(() => undefined), entries: this.children(path) };
    if (!(node instanceof Uint8Array)) return attribute(node);
    if (flags & Open.TRUNC) this.nodes.set(full, new Uint8Array());
    let at = 0;
    return {
      read: (count) => {
        const data = (this.nodes.get(full) as Uint8Array).subarray(at, at + count);
        at += data.length;
        return data;
      },
      write: (data) => this.nodes.set(full, concat(this.nodes.get(full) as Uint8Array, data)),
    };
  }

  private async fork(entry: (sys: SysCalls) => Promise<number>, fds: Fds): Promise<number> {
    const pid = this.nextPid++;
    const childFds = new Map(fds);
    try {
      this.statuses.set(pid, await entry(this.sysCalls(childFds)));
    } catch (error) {
      if (!(error instanceof Exec)) throw error;
      this.statuses.set(pid, await this.process(error.program, error.argv, childFds));
    }
    return pid;
  }

  private execve(path: string, argv: string[]): never {
    const program = this.programs.get(path.replace(/^.*\//, ""));
    if (!program) throw new SysError(Errno.ENOENT, "execve");
    this.log.push(argv.join(" "));
    throw new Exec(program, argv);
  }

  private sysCalls(fds: Fds): SysCalls {
    const calls = { ...this.fileCalls(fds), ...this.treeCalls(), ...this.otherCalls(fds) };
    return new Proxy(calls as unknown as SysCalls, {
      get: (target, name: keyof SysCalls) => {
        if (name in target) return target[name];
        throw new Error(`system call ${String(name)} is not scripted`);
      },
    });
  }

  private fileCalls(fds: Fds): Partial<SysCalls> {
    const newFd = (open: OpenFile): number => {
      let fd = 3;
      while (fds.has(fd)) fd++;
      fds.set(fd, open);
      return fd;
    };
    return {
      open: async (path, flags) => newFd(this.open(path, flags)),
      read: async (fd, count) => fileOf(fds, fd, "read").read(count),
      write: async (fd, data) => (fileOf(fds, fd, "write").write(data.slice()), data.length),
      close: async (fd) => void fds.delete(fd),
      lseek: async () => 0,
      fcntl: async () => 0,
      dup2: async (from, to) => (fds.set(to, fileOf(fds, from, "dup2")), to),
      pipe2: async () => {
        const [reader, writer] = pipe();
        return [newFd(reader), newFd(writer)];
      },
      getdents: async (fd) => fileOf(fds, fd, "getdents").entries?.splice(0) ?? [],
      tcgetattr: async () => {
        throw new SysError(Errno.ENOTTY, "ioctl");
      },
    };
  }

  private treeCalls(): Partial<SysCalls> {
    return {
      stat: async (path) => statOf(this.lookUp(path, "stat")),
      lstat: async (path) => statOf(this.lookUp(path, "lstat")),
      mkdir: async (path) => {
        if (this.nodes.has(absolute(path))) throw new SysError(Errno.EEXIST, "mkdir");
        this.nodes.set(absolute(path), "dir");
      },
      rmdir: async (path) => {
        if (this.children(path).length > 0) throw new SysError(Errno.ENOTEMPTY, "rmdir");
        this.nodes.delete(absolute(path));
      },
      unlink: async (path) => {
        this.lookUp(path, "unlink");
        this.nodes.delete(absolute(path));
      },
      getcwd: async () => "/root",
      chdir: async () => undefined,
    };
  }

  private otherCalls(fds: Fds): Partial<SysCalls> {
    const refuse = (code: Errno | void, call: string): void => {
      if (code) throw new SysError(code, call);
    };
    return {
      pid: 1,
      fork: async (entry) => this.fork(entry, fds),
      execve: async (path, argv) => this.execve(path, argv),
      wait4: async (pid) => ({ pid, status: (this.statuses.get(pid) ?? 0) << 8 }),
      nanosleep: async (ns) => this.sleep(ns),
      sched_yield: async () => undefined,
      sigaction: async () => undefined,
      uname: async () => ({
        sysname: "Linux",
        nodename: "patchbay",
        release: this.release,
        version: "#1 PREEMPT",
        machine: "wasm32",
      }),
      clockGettime: async () => this.now,
      syslog: async (type, arg) => (this.syslogCalls.push([type, arg]), new Uint8Array()),
      finit_module: async (fd, params) =>
        refuse(this.insert(fileOf(fds, fd, "finit_module").read(1e9), params), "finit_module"),
      delete_module: async (name) => refuse(this.remove(name), "delete_module"),
      hostJob: async (job) => this.onJob(job),
      awaitCode: async () => undefined,
    };
  }
}

function fileOf(fds: Fds, fd: number, call: string): OpenFile {
  const found = fds.get(fd);
  if (!found) throw new SysError(Errno.EBADF, call);
  return found;
}

function absolute(path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `/root/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const sink = (write: (data: Uint8Array) => void): OpenFile => ({ read: () => new Uint8Array(), write });

function pipe(): [OpenFile, OpenFile] {
  let data = new Uint8Array();
  const read = (count: number) => {
    const chunk = data.slice(0, count);
    data = data.slice(chunk.length);
    return chunk;
  };
  return [{ read, write: () => undefined }, sink((more) => (data = concat(data, more)))];
}

function attribute({ show, records, store }: Attribute): OpenFile {
  let rest: Uint8Array | null = null;
  const queue = records?.();
  return {
    read: (count) => {
      if (queue) return encoder.encode(queue.shift() ?? "");
      rest ??= encoder.encode(show?.() ?? "");
      const chunk = rest.slice(0, count);
      rest = rest.slice(chunk.length);
      return chunk;
    },
    write: (data) => {
      const code = store?.(decoder.decode(data).trim());
      if (code) throw new SysError(code, "write");
    },
  };
}

function statOf(node: Node): Stat {
  const zero = {
    dev: 1,
    ino: 1,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    blocks: 0,
    atimeNs: 0,
    mtimeNs: 0,
    ctimeNs: 0,
  };
  const size = node instanceof Uint8Array ? node.length : 0;
  return { ...zero, size, mode: node === "dir" ? Mode.IFDIR | 0o755 : Mode.IFREG | 0o644 };
}
