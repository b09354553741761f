// authorGuide.ts - where the machine has docs/author-guide.md.

export const AUTHOR_GUIDE = "/usr/share/doc/kpatch/author-guide.md";

/** Patches of the guide, to try. */
export const EXAMPLES = "/usr/share/doc/kpatch/examples";

/** Place in the guide that has `<a id="SECTION">`. */
export const guide = (section: string): string => `${AUTHOR_GUIDE}#${section}`;
