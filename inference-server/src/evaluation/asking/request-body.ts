export interface RequestBody {
  readonly headers: Readonly<Record<string, string>>
  readonly content: string | Buffer
}

export const jsonBody = (value: unknown): RequestBody => ({
  headers: { 'content-type': 'application/json' },
  content: JSON.stringify(value),
})
