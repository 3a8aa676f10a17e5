/** Numbers of models that a fleet may have. */
export const models = ['50', '200', '1000'] as const
