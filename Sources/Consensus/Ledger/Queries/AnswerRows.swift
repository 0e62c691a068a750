package import Primitives

// Rows that several answers hold.

/// Where a neuron answers.
package struct AxonRow: FieldMapped {
  package var block = BlockNumber.genesis
  package var version: UInt32 = 0
  /// 4 or 16 bytes, big-endian; empty while never served.
  package var ip: [UInt8] = []
  package var port: UInt16 = 0
  package var ipType: UInt8 = 0
  package var protocolNumber: UInt8 = 0
  package var placeholder1: UInt8 = 0
  package var placeholder2: UInt8 = 0

  package init() {}

  init(_ axon: Axon) {
    block = axon.block
    version = axon.version
    ip = axon.ip
    port = axon.port
    ipType = axon.ipType
    protocolNumber = axon.protocolNumber
    placeholder1 = axon.placeholder1
    placeholder2 = axon.placeholder2
  }

  package var isServing: Bool { ip.contains { $0 != 0 } }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.block("block", &block)
    fields.number("version", &version)
    fields.bytes("ip", &ip, limit: 16)
    fields.number("port", &port)
    fields.number("ip_type", &ipType)
    fields.number("protocol", &protocolNumber)
    fields.number("placeholder1", &placeholder1)
    fields.number("placeholder2", &placeholder2)
  }
}

/// Where a neuron shows its metrics.
package struct PrometheusRow: FieldMapped {
  package var block = BlockNumber.genesis
  package var version: UInt32 = 0
  package var ip: [UInt8] = []
  package var port: UInt16 = 0
  package var ipType: UInt8 = 0

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.block("block", &block)
    fields.number("version", &version)
    fields.bytes("ip", &ip, limit: 16)
    fields.number("port", &port)
    fields.number("ip_type", &ipType)
  }
}

/// What a coldkey says of itself.
package struct IdentityRow: FieldMapped {
  package var name: [UInt8] = []
  package var url: [UInt8] = []
  package var githubRepo: [UInt8] = []
  package var image: [UInt8] = []
  package var discord: [UInt8] = []
  package var description: [UInt8] = []
  package var additional: [UInt8] = []

  package init() {}

  init(_ identity: Identity?) {
    guard let identity else { return }
    name = identity["name"]
    url = identity["url"]
    githubRepo = identity["github_repo"]
    image = identity["image"]
    discord = identity["discord"]
    description = identity["description"]
    additional = identity["additional"]
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.bytes("name", &name, limit: AnswerLimits.bytes)
    fields.bytes("url", &url, limit: AnswerLimits.bytes)
    fields.bytes("github_repo", &githubRepo, limit: AnswerLimits.bytes)
    fields.bytes("image", &image, limit: AnswerLimits.bytes)
    fields.bytes("discord", &discord, limit: AnswerLimits.bytes)
    fields.bytes("description", &description, limit: AnswerLimits.bytes)
    fields.bytes("additional", &additional, limit: AnswerLimits.bytes)
  }
}

package struct HotkeyAmountRow: FieldMapped {
  package var hotkey = Hotkey()
  package var amount: UInt64 = 0

  package init() {}
  init(_ hotkey: Hotkey, _ amount: UInt64) {
    self.hotkey = hotkey
    self.amount = amount
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.number("amount", &amount)
  }
}

package struct ColdkeyAmountRow: FieldMapped {
  package var coldkey = Coldkey()
  package var amount: UInt64 = 0

  package init() {}
  init(_ coldkey: Coldkey, _ amount: UInt64) {
    self.coldkey = coldkey
    self.amount = amount
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.coldkey("coldkey", &coldkey)
    fields.number("amount", &amount)
  }
}

/// A weight or a bond on a uid.
package struct UIDValueRow: FieldMapped {
  package var uid = UID(0)
  package var value: UInt16 = 0

  package init() {}
  init(_ uid: UInt16, _ value: UInt16) {
    self.uid = UID(uid)
    self.value = value
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.uid("uid", &uid)
    fields.number("value", &value)
  }
}
