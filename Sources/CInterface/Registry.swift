import Failures
import Synchronization

/// What the handles of the C interface stand for.
///
/// Handles count up and are never used again, so that one that was closed, or made up, is refused.
enum Registry {
  private struct Content {
    var objects: [UInt64: any AnyObject & Sendable] = [:]
    var last: UInt64 = 0
  }

  private static let content = Mutex(Content())

  /// A handle for an object, which is kept until the handle is closed.
  static func add(_ object: any AnyObject & Sendable) -> UInt64 {
    content.withLock { content in
      content.last += 1
      content.objects[content.last] = object
      return content.last
    }
  }

  /// The object behind a handle.
  ///
  /// - Throws: ``Failure`` of kind `usage` for a handle that is closed or of another kind.
  static func object<Object: AnyObject>(
    _ handle: UInt64, as kind: Object.Type
  ) throws(Failure) -> Object {
    guard let object = content.withLock({ $0.objects[handle] }) as? Object else {
      throw Failure(.usage, at: "handle \(handle)", "is closed, or never was one of this kind")
    }
    return object
  }

  static func close(_ handle: UInt64) throws(Failure) {
    let object = content.withLock { $0.objects.removeValue(forKey: handle) }
    guard object != nil else {
      throw Failure(.usage, at: "handle \(handle)", "is closed already, or never was one")
    }
  }
}

/// A value that one caller at a time works on.
///
/// Sound: the value is reached through the lock alone.
final class Guarded<Value>: @unchecked Sendable {
  private let lock = Mutex<Void>(())
  private var value: Value

  init(_ value: Value) { self.value = value }

  func use<Result>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock._unsafeLock()
    defer { lock._unsafeUnlock() }
    return try body(&value)
  }
}
