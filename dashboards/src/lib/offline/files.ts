/** The cache of files that were looked at; their addresses carry a digest of their content. */
export const KEPT_FILES = 'files';
