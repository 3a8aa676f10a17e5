/** Element types of tensors that the protocol has no datatype for, by their numbers in TensorProto.DataType. */
export const uncarriedTypes: ReadonlyMap<number, string> = new Map([
  [14, 'COMPLEX64'],
  [15, 'COMPLEX128'],
  [16, 'BF16'],
  [17, 'FLOAT8E4M3FN'],
  [18, 'FLOAT8E4M3FNUZ'],
  [19, 'FLOAT8E5M2'],
  [20, 'FLOAT8E5M2FNUZ'],
  [21, 'UINT4'],
  [22, 'INT4'],
  [23, 'FLOAT4E2M1'],
  [24, 'FLOAT8E8M0'],
  [25, 'UINT2'],
  [26, 'INT2'],
])

/** @param what the input or output, by its name */
export const cannotCarry = (what: string, type: string): string =>
  `${what} is of type ${type}, which the protocol cannot carry`
