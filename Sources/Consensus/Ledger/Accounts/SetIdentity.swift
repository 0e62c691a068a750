import Primitives

/// Sets what a coldkey says of itself. Source: registry 2.
package struct SetIdentity: LedgerCall {
  package static let descriptor = CallDescriptor(23, "SetIdentity", by: .coldkey, "Say who you are.")

  /// Bytes of all fields together, the repository left out.
  static let totalLimit = 4096

  package var name: [UInt8] = []
  package var url: [UInt8] = []
  package var githubRepo: [UInt8] = []
  package var image: [UInt8] = []
  package var discord: [UInt8] = []
  package var description: [UInt8] = []
  package var additional: [UInt8] = []

  package init() {}

  // Caps of the fields are an error of the row, not of the encoding.
  package mutating func map(_ fields: inout FieldMapper) {
    fields.bytes("name", &name, limit: CallLimits.bytes)
    fields.bytes("url", &url, limit: CallLimits.bytes)
    fields.bytes("github_repo", &githubRepo, limit: CallLimits.bytes)
    fields.bytes("image", &image, limit: CallLimits.bytes)
    fields.bytes("discord", &discord, limit: CallLimits.bytes)
    fields.bytes("description", &description, limit: CallLimits.bytes)
    fields.bytes("additional", &additional, limit: CallLimits.bytes)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    var record = state.coldkeyRecord(coldkey)
    guard record.slotsHeld > 0 else { throw .hotKeyNotRegisteredInNetwork }
    let identity = Identity(fieldsOf: fields)
    try check(identity)

    record.identity = identity
    state.coldkeys[coldkey] = record
    return [LedgerEvent("ChainIdentitySet", ["coldkey": .coldkey(coldkey)])]
  }

  private func check(_ identity: Identity) throws(LedgerError) {
    let longFields = ["image", "description", "additional"]
    for field in identity.fields {
      let cap = longFields.contains(field.name) ? 1024 : 256
      guard field.content.count <= cap else {
        throw .invalidIdentity.with("field", field.name).with("bytes", field.content.count).with("limit", cap)
      }
    }
    let total = identity.fields.reduce(0) { $1.name == "github_repo" ? $0 : $0 + $1.content.count }
    guard total <= SetIdentity.totalLimit else {
      throw .invalidIdentity.with("bytes", total).with("limit", SetIdentity.totalLimit)
    }
  }
}
