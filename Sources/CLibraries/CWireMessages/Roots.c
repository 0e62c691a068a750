#include "CWireMessages.h"

#include "Generated/block.pb-c.h"
#include "Generated/call.pb-c.h"
#include "Generated/envelope.pb-c.h"
#include "Generated/event.pb-c.h"
#include "Generated/extrinsic.pb-c.h"
#include "Generated/plugin.pb-c.h"
#include "Generated/query.pb-c.h"
#include "Generated/values.pb-c.h"

static const ProtobufCMessageDescriptor *const roots[] = {
    &subnetkit__v1__block_announcement__descriptor,
    &subnetkit__v1__block_header__descriptor,
    &subnetkit__v1__call__descriptor,
    &subnetkit__v1__envelope__descriptor,
    &subnetkit__v1__event__descriptor,
    &subnetkit__v1__extrinsic_body__descriptor,
    &subnetkit__v1__genesis__descriptor,
    &subnetkit__v1__parameter_value__descriptor,
    &subnetkit__v1__plugin_reply__descriptor,
    &subnetkit__v1__plugin_request__descriptor,
    &subnetkit__v1__query_reply__descriptor,
    &subnetkit__v1__query_request__descriptor,
    &subnetkit__v1__receipt__descriptor,
    &subnetkit__v1__sealed_block__descriptor,
    &subnetkit__v1__signed_envelope__descriptor,
    &subnetkit__v1__signed_extrinsic__descriptor,
    &subnetkit__v1__snapshot_manifest__descriptor,
};

const ProtobufCMessageDescriptor *cwire_root(size_t index) {
  return index < sizeof roots / sizeof roots[0] ? roots[index] : NULL;
}
