/** The machine's worker as the text of one classic script (vite.config.ts makes it). */
declare module "virtual:classic-worker" {
  const text: string;
  export default text;
}
