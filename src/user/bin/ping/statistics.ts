// statistics.ts - what ping counts, and how it words it.

/** Microseconds as milliseconds with three decimals. */
const ms = (us: number): string => (us / 1000).toFixed(3);

/** A round trip as a reply's line has it: the longer it took, the fewer decimals. */
export function tripTime(us: number): string {
  const decimals = us >= 99_950 ? 0 : us >= 9_995 ? 1 : us >= 1_000 ? 2 : 3;
  return (us / 1000).toFixed(decimals);
}

export class Statistics {
  transmitted = 0;
  received = 0;
  duplicates = 0;
  errors = 0;
  private readonly seen = new Set<number>();
  private trips = 0;
  private sum = 0;
  private squares = 0;
  private min = Infinity;
  private max = 0;
  /** Eight times the moving average, as the kernel's TCP keeps it. */
  private smoothed = 0;

  /** Counts a reply; true when it is not the first to its request. */
  reply(sequence: number): boolean {
    const duplicate = this.seen.has(sequence);
    this.seen.add(sequence);
    if (duplicate) this.duplicates++;
    else this.received++;
    return duplicate;
  }

  answered(sequence: number): boolean {
    return this.seen.has(sequence);
  }

  trip(us: number): void {
    this.trips++;
    this.sum += us;
    this.squares += us * us;
    this.min = Math.min(this.min, us);
    this.max = Math.max(this.max, us);
    this.smoothed += this.trips === 1 ? us * 8 : us - this.smoothed / 8;
  }

  get longest(): number {
    return this.max;
  }

  private get mean(): number {
    return Math.floor(this.sum / this.trips);
  }

  private get deviation(): number {
    return Math.floor(Math.sqrt(Math.max(0, this.squares / this.trips - this.mean ** 2)));
  }

  private get loss(): number {
    return ((this.transmitted - this.received) * 100) / this.transmitted;
  }

  /** What SIGQUIT shows. */
  snapshot(): string {
    const loss = this.transmitted > 0 ? Math.floor(this.loss) : 0;
    let line = `\r${this.received}/${this.transmitted} packets, ${loss}% loss`;
    if (this.trips > 0) {
      const times = [this.min, this.mean, Math.floor(this.smoothed / 8), this.max].map(ms).join("/");
      line += `, min/avg/ewma/max = ${times} ms`;
    }
    return `${line}\n`;
  }

  /** The last words. `tookMs` is when the last request was sent, after the first. */
  summary(name: string, tookMs: number): string {
    let counts = `${this.transmitted} packets transmitted, ${this.received} received`;
    if (this.duplicates > 0) counts += `, +${this.duplicates} duplicates`;
    if (this.errors > 0) counts += `, +${this.errors} errors`;
    if (this.transmitted > 0)
      counts += `, ${Number(this.loss.toPrecision(6))}% packet loss, time ${tookMs}ms`;
    const times = [this.min, this.mean, this.max, this.deviation].map(ms).join("/");
    const rtt = this.trips > 0 ? `rtt min/avg/max/mdev = ${times} ms` : "";
    return `\n--- ${name} ping statistics ---\n${counts}\n${rtt}\n`;
  }
}
