import Primitives

/// What a subnet says of itself, as it travels. Source: registry 3.
package struct SubnetIdentityFields: FieldMapped {
  package var subnetName: [UInt8] = []
  package var githubRepo: [UInt8] = []
  package var subnetContact: [UInt8] = []
  package var subnetURL: [UInt8] = []
  package var discord: [UInt8] = []
  package var description: [UInt8] = []
  package var logoURL: [UInt8] = []
  package var additional: [UInt8] = []

  package init() {}

  // Caps of the fields are an error of the row, not of the encoding.
  package mutating func map(_ fields: inout FieldMapper) {
    fields.bytes("subnet_name", &subnetName, limit: CallLimits.bytes)
    fields.bytes("github_repo", &githubRepo, limit: CallLimits.bytes)
    fields.bytes("subnet_contact", &subnetContact, limit: CallLimits.bytes)
    fields.bytes("subnet_url", &subnetURL, limit: CallLimits.bytes)
    fields.bytes("discord", &discord, limit: CallLimits.bytes)
    fields.bytes("description", &description, limit: CallLimits.bytes)
    fields.bytes("logo_url", &logoURL, limit: CallLimits.bytes)
    fields.bytes("additional", &additional, limit: CallLimits.bytes)
  }

  /// - Throws: `InvalidIdentity` with the field that is too long.
  func check() throws(LedgerError) {
    let caps = ["subnet_name": 256, "discord": 256]
    for field in identity.fields {
      let cap = caps[field.name] ?? 1024
      guard field.content.count <= cap else {
        throw .invalidIdentity.with("field", field.name).with("bytes", field.content.count).with("limit", cap)
      }
    }
  }

  var identity: Identity { Identity(fieldsOf: fields) }
}

extension Identity {
  /// The byte fields of a message, in its order.
  init(fieldsOf message: Fields) {
    self.init(
      message.entries.compactMap { entry in
        guard case .bytes(let content) = entry.value else { return nil }
        return IdentityField(name: entry.name, content: content)
      })
  }
}
