/// What libFuzzer calls; its own `main`, which is linked and not used, asks for the name.
@_cdecl("LLVMFuzzerTestOneInput")
func tryInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  FuzzTarget.attempt(UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}
