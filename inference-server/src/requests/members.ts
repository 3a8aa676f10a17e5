/** What an item and its parameters hold, as it came: JSON values, form fields, elements of BYTES tensors. */
export type Members = Readonly<Record<string, unknown>>

/** Name of a member in the request that it came from, for errors: `text` -> `instances[2].text`. */
export type PathOf = (name: string) => string
