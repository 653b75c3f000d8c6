import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  Problem,
  _enum,
  array,
  boolean,
  int,
  number,
  pLimit,
  problemsOf,
  record,
  strictObject,
  string,
  toJSONSchema,
  union,
  unknown,
  url
} from "./chunk-OMF65OCO.js";
import {
  getInput,
  setSecret
} from "./chunk-5YKLIDLX.js";
import {
  __commonJS,
  __require,
  __toESM
} from "./chunk-A6KX56EC.js";

// node_modules/ipaddr.js/lib/ipaddr.js
var require_ipaddr = __commonJS({
  "node_modules/ipaddr.js/lib/ipaddr.js"(exports, module) {
    (function(root2) {
      "use strict";
      const ipv4Part = "(0?\\d+|0x[a-f0-9]+)";
      const ipv4Regexes = {
        fourOctet: new RegExp(`^${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}$`, "i"),
        threeOctet: new RegExp(`^${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}$`, "i"),
        twoOctet: new RegExp(`^${ipv4Part}\\.${ipv4Part}$`, "i"),
        longValue: new RegExp(`^${ipv4Part}$`, "i")
      };
      const octalRegex = new RegExp(`^0[0-7]+$`, "i");
      const hexRegex = new RegExp(`^0x[a-f0-9]+$`, "i");
      const zoneIndex = "%[0-9a-z]{1,}";
      const ipv6Part = "(?:[0-9a-f]+::?)+";
      const ipv6Regexes = {
        zoneIndex: new RegExp(zoneIndex, "i"),
        "native": new RegExp(`^(::)?(${ipv6Part})?([0-9a-f]+)?(::)?(${zoneIndex})?$`, "i"),
        deprecatedTransitional: new RegExp(`^(?:::)(${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}(${zoneIndex})?)$`, "i"),
        transitional: new RegExp(`^((?:${ipv6Part})|(?:::)(?:${ipv6Part})?)${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}(${zoneIndex})?$`, "i")
      };
      function expandIPv6(string2, parts) {
        if (string2.indexOf("::") !== string2.lastIndexOf("::")) {
          return null;
        }
        let colonCount = 0;
        let lastColon = -1;
        let zoneId = (string2.match(ipv6Regexes.zoneIndex) || [])[0];
        let replacement, replacementCount;
        if (zoneId) {
          zoneId = zoneId.substring(1);
          string2 = string2.replace(/%.+$/, "");
        }
        while ((lastColon = string2.indexOf(":", lastColon + 1)) >= 0) {
          colonCount++;
        }
        if (string2.substr(0, 2) === "::") {
          colonCount--;
        }
        if (string2.substr(-2, 2) === "::") {
          colonCount--;
        }
        if (colonCount >= parts) {
          return null;
        }
        replacementCount = parts - colonCount;
        replacement = ":";
        while (replacementCount--) {
          replacement += "0:";
        }
        string2 = string2.replace("::", replacement);
        if (string2[0] === ":") {
          string2 = string2.slice(1);
        }
        if (string2[string2.length - 1] === ":") {
          string2 = string2.slice(0, -1);
        }
        parts = (function() {
          const ref = string2.split(":");
          const results = [];
          for (let i = 0; i < ref.length; i++) {
            results.push(ref[i].length > 4 ? NaN : parseInt(ref[i], 16));
          }
          return results;
        })();
        return {
          parts,
          zoneId
        };
      }
      function matchCIDR(first, second, partSize, cidrBits) {
        if (first.length !== second.length) {
          throw new Error("ipaddr: cannot match CIDR for objects with different lengths");
        }
        let part = 0;
        let shift;
        while (cidrBits > 0) {
          shift = partSize - cidrBits;
          if (shift < 0) {
            shift = 0;
          }
          if (first[part] >> shift !== second[part] >> shift) {
            return false;
          }
          cidrBits -= partSize;
          part += 1;
        }
        return true;
      }
      function parseIntAuto(string2) {
        if (hexRegex.test(string2)) {
          return parseInt(string2, 16);
        }
        if (string2[0] === "0" && !isNaN(parseInt(string2[1], 10))) {
          if (octalRegex.test(string2)) {
            return parseInt(string2, 8);
          }
          throw new Error(`ipaddr: cannot parse ${string2} as octal`);
        }
        return parseInt(string2, 10);
      }
      function padPart(part, length) {
        while (part.length < length) {
          part = `0${part}`;
        }
        return part;
      }
      const ipaddr2 = {};
      ipaddr2.IPv4 = (function() {
        function IPv4(octets) {
          if (octets.length !== 4) {
            throw new Error("ipaddr: ipv4 octet count should be 4");
          }
          let i, octet;
          for (i = 0; i < octets.length; i++) {
            octet = octets[i];
            if (!(0 <= octet && octet <= 255)) {
              throw new Error("ipaddr: ipv4 octet should fit in 8 bits");
            }
          }
          this.octets = octets;
        }
        IPv4.prototype.SpecialRanges = {
          unspecified: [[new IPv4([0, 0, 0, 0]), 8]],
          broadcast: [[new IPv4([255, 255, 255, 255]), 32]],
          // RFC3171
          multicast: [[new IPv4([224, 0, 0, 0]), 4]],
          // RFC3927
          linkLocal: [[new IPv4([169, 254, 0, 0]), 16]],
          // RFC5735
          loopback: [[new IPv4([127, 0, 0, 0]), 8]],
          // RFC6598
          carrierGradeNat: [[new IPv4([100, 64, 0, 0]), 10]],
          // RFC1918
          "private": [
            [new IPv4([10, 0, 0, 0]), 8],
            [new IPv4([172, 16, 0, 0]), 12],
            [new IPv4([192, 168, 0, 0]), 16]
          ],
          // Reserved and testing-only ranges; RFCs 5735, 5737, 2544, 1700
          reserved: [
            [new IPv4([192, 0, 0, 0]), 24],
            [new IPv4([192, 0, 2, 0]), 24],
            [new IPv4([192, 88, 99, 0]), 24],
            [new IPv4([198, 18, 0, 0]), 15],
            [new IPv4([198, 51, 100, 0]), 24],
            [new IPv4([203, 0, 113, 0]), 24],
            [new IPv4([240, 0, 0, 0]), 4]
          ],
          // RFC7534, RFC7535
          as112: [
            [new IPv4([192, 175, 48, 0]), 24],
            [new IPv4([192, 31, 196, 0]), 24]
          ],
          // RFC7450
          amt: [
            [new IPv4([192, 52, 193, 0]), 24]
          ]
        };
        IPv4.prototype.kind = function() {
          return "ipv4";
        };
        IPv4.prototype.match = function(other, cidrRange) {
          let ref;
          if (cidrRange === void 0) {
            ref = other;
            other = ref[0];
            cidrRange = ref[1];
          }
          if (other.kind() !== "ipv4") {
            throw new Error("ipaddr: cannot match ipv4 address with non-ipv4 one");
          }
          return matchCIDR(this.octets, other.octets, 8, cidrRange);
        };
        IPv4.prototype.prefixLengthFromSubnetMask = function() {
          let cidr = 0;
          let stop = false;
          const zerotable = {
            0: 8,
            128: 7,
            192: 6,
            224: 5,
            240: 4,
            248: 3,
            252: 2,
            254: 1,
            255: 0
          };
          let i, octet, zeros;
          for (i = 3; i >= 0; i -= 1) {
            octet = this.octets[i];
            if (octet in zerotable) {
              zeros = zerotable[octet];
              if (stop && zeros !== 0) {
                return null;
              }
              if (zeros !== 8) {
                stop = true;
              }
              cidr += zeros;
            } else {
              return null;
            }
          }
          return 32 - cidr;
        };
        IPv4.prototype.range = function() {
          return ipaddr2.subnetMatch(this, this.SpecialRanges);
        };
        IPv4.prototype.toByteArray = function() {
          return this.octets.slice(0);
        };
        IPv4.prototype.toIPv4MappedAddress = function() {
          return ipaddr2.IPv6.parse(`::ffff:${this.toString()}`);
        };
        IPv4.prototype.toNormalizedString = function() {
          return this.toString();
        };
        IPv4.prototype.toString = function() {
          return this.octets.join(".");
        };
        return IPv4;
      })();
      ipaddr2.IPv4.broadcastAddressFromCIDR = function(string2) {
        try {
          const cidr = this.parseCIDR(string2);
          const ipInterfaceOctets = cidr[0].toByteArray();
          const subnetMaskOctets = this.subnetMaskFromPrefixLength(cidr[1]).toByteArray();
          const octets = [];
          let i = 0;
          while (i < 4) {
            octets.push(parseInt(ipInterfaceOctets[i], 10) | parseInt(subnetMaskOctets[i], 10) ^ 255);
            i++;
          }
          return new this(octets);
        } catch (e) {
          throw new Error("ipaddr: the address does not have IPv4 CIDR format", { cause: e });
        }
      };
      ipaddr2.IPv4.isIPv4 = function(string2) {
        return this.parser(string2) !== null;
      };
      ipaddr2.IPv4.isValid = function(string2) {
        try {
          new this(this.parser(string2));
          return true;
        } catch {
          return false;
        }
      };
      ipaddr2.IPv4.isValidCIDR = function(string2) {
        try {
          this.parseCIDR(string2);
          return true;
        } catch {
          return false;
        }
      };
      ipaddr2.IPv4.isValidFourPartDecimal = function(string2) {
        if (ipaddr2.IPv4.isValid(string2) && string2.match(/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){3}$/)) {
          return true;
        } else {
          return false;
        }
      };
      ipaddr2.IPv4.isValidCIDRFourPartDecimal = function(string2) {
        const match = string2.match(/^(.+)\/(\d+)$/);
        if (!ipaddr2.IPv4.isValidCIDR(string2) || !match) {
          return false;
        }
        return ipaddr2.IPv4.isValidFourPartDecimal(match[1]);
      };
      ipaddr2.IPv4.networkAddressFromCIDR = function(string2) {
        let cidr, i, ipInterfaceOctets, octets, subnetMaskOctets;
        try {
          cidr = this.parseCIDR(string2);
          ipInterfaceOctets = cidr[0].toByteArray();
          subnetMaskOctets = this.subnetMaskFromPrefixLength(cidr[1]).toByteArray();
          octets = [];
          i = 0;
          while (i < 4) {
            octets.push(parseInt(ipInterfaceOctets[i], 10) & parseInt(subnetMaskOctets[i], 10));
            i++;
          }
          return new this(octets);
        } catch (e) {
          throw new Error("ipaddr: the address does not have IPv4 CIDR format", { cause: e });
        }
      };
      ipaddr2.IPv4.parse = function(string2) {
        const parts = this.parser(string2);
        if (parts === null) {
          throw new Error("ipaddr: string is not formatted like an IPv4 Address");
        }
        return new this(parts);
      };
      ipaddr2.IPv4.parseCIDR = function(string2) {
        let match;
        if (match = string2.match(/^(.+)\/(\d+)$/)) {
          const maskLength = parseInt(match[2]);
          if (maskLength >= 0 && maskLength <= 32) {
            const parsed = [this.parse(match[1]), maskLength];
            Object.defineProperty(parsed, "toString", {
              value: function() {
                return this.join("/");
              }
            });
            return parsed;
          }
        }
        throw new Error("ipaddr: string is not formatted like an IPv4 CIDR range");
      };
      ipaddr2.IPv4.parser = function(string2) {
        let match, part, value;
        if (match = string2.match(ipv4Regexes.fourOctet)) {
          return (function() {
            const ref = match.slice(1, 6);
            const results = [];
            for (let i = 0; i < ref.length; i++) {
              part = ref[i];
              results.push(parseIntAuto(part));
            }
            return results;
          })();
        } else if (match = string2.match(ipv4Regexes.longValue)) {
          value = parseIntAuto(match[1]);
          if (value > 4294967295 || value < 0) {
            throw new Error("ipaddr: address outside defined range");
          }
          return (function() {
            const results = [];
            let shift;
            for (shift = 0; shift <= 24; shift += 8) {
              results.push(value >> shift & 255);
            }
            return results;
          })().reverse();
        } else if (match = string2.match(ipv4Regexes.twoOctet)) {
          return (function() {
            const ref = match.slice(1, 4);
            const results = [];
            value = parseIntAuto(ref[1]);
            if (value > 16777215 || value < 0) {
              throw new Error("ipaddr: address outside defined range");
            }
            results.push(parseIntAuto(ref[0]));
            results.push(value >> 16 & 255);
            results.push(value >> 8 & 255);
            results.push(value & 255);
            return results;
          })();
        } else if (match = string2.match(ipv4Regexes.threeOctet)) {
          return (function() {
            const ref = match.slice(1, 5);
            const results = [];
            value = parseIntAuto(ref[2]);
            if (value > 65535 || value < 0) {
              throw new Error("ipaddr: address outside defined range");
            }
            results.push(parseIntAuto(ref[0]));
            results.push(parseIntAuto(ref[1]));
            results.push(value >> 8 & 255);
            results.push(value & 255);
            return results;
          })();
        } else {
          return null;
        }
      };
      ipaddr2.IPv4.subnetMaskFromPrefixLength = function(prefix) {
        prefix = parseInt(prefix);
        if (Number.isNaN(prefix) || prefix < 0 || prefix > 32) {
          throw new Error("ipaddr: invalid IPv4 prefix length");
        }
        const octets = [0, 0, 0, 0];
        let j = 0;
        const filledOctetCount = Math.floor(prefix / 8);
        while (j < filledOctetCount) {
          octets[j] = 255;
          j++;
        }
        if (filledOctetCount < 4) {
          octets[filledOctetCount] = Math.pow(2, prefix % 8) - 1 << 8 - prefix % 8;
        }
        return new this(octets);
      };
      ipaddr2.IPv6 = (function() {
        function IPv6(parts, zoneId) {
          let i, part;
          if (parts.length === 16) {
            this.parts = [];
            for (i = 0; i <= 14; i += 2) {
              this.parts.push(parts[i] << 8 | parts[i + 1]);
            }
          } else if (parts.length === 8) {
            this.parts = parts;
          } else {
            throw new Error("ipaddr: ipv6 part count should be 8 or 16");
          }
          for (i = 0; i < this.parts.length; i++) {
            part = this.parts[i];
            if (!(0 <= part && part <= 65535)) {
              throw new Error("ipaddr: ipv6 part should fit in 16 bits");
            }
          }
          if (zoneId) {
            this.zoneId = zoneId;
          }
        }
        IPv6.prototype.SpecialRanges = {
          // RFC4291, here and after
          unspecified: [new IPv6([0, 0, 0, 0, 0, 0, 0, 0]), 128],
          linkLocal: [new IPv6([65152, 0, 0, 0, 0, 0, 0, 0]), 10],
          multicast: [new IPv6([65280, 0, 0, 0, 0, 0, 0, 0]), 8],
          loopback: [new IPv6([0, 0, 0, 0, 0, 0, 0, 1]), 128],
          uniqueLocal: [new IPv6([64512, 0, 0, 0, 0, 0, 0, 0]), 7],
          ipv4Mapped: [new IPv6([0, 0, 0, 0, 0, 65535, 0, 0]), 96],
          // RFC3879
          deprecatedSiteLocal: [new IPv6([65216, 0, 0, 0, 0, 0, 0, 0]), 10],
          // RFC6666
          discard: [new IPv6([256, 0, 0, 0, 0, 0, 0, 0]), 64],
          // RFC6145
          rfc6145: [new IPv6([0, 0, 0, 0, 65535, 0, 0, 0]), 96],
          rfc6052: [
            // RFC6052
            [new IPv6([100, 65435, 0, 0, 0, 0, 0, 0]), 96],
            // RFC8215
            [new IPv6([100, 65435, 1, 0, 0, 0, 0, 0]), 48]
          ],
          // RFC3056
          "6to4": [new IPv6([8194, 0, 0, 0, 0, 0, 0, 0]), 16],
          // RFC6052, RFC6146
          teredo: [new IPv6([8193, 0, 0, 0, 0, 0, 0, 0]), 32],
          // RFC5180
          benchmarking: [new IPv6([8193, 2, 0, 0, 0, 0, 0, 0]), 48],
          // RFC7450
          amt: [new IPv6([8193, 3, 0, 0, 0, 0, 0, 0]), 32],
          as112v6: [
            // RFC7535
            [new IPv6([8193, 4, 274, 0, 0, 0, 0, 0]), 48],
            // RFC7534
            [new IPv6([9760, 79, 32768, 0, 0, 0, 0, 0]), 48]
          ],
          // RFC4843
          deprecatedOrchid: [new IPv6([8193, 16, 0, 0, 0, 0, 0, 0]), 28],
          // RFC7343
          orchid2: [new IPv6([8193, 32, 0, 0, 0, 0, 0, 0]), 28],
          // RFC9374
          droneRemoteIdProtocolEntityTags: [new IPv6([8193, 48, 0, 0, 0, 0, 0, 0]), 28],
          // RFC9602
          segmentRouting: [new IPv6([24320, 0, 0, 0, 0, 0, 0, 0]), 16],
          reserved: [
            // RFC3849
            [new IPv6([8193, 0, 0, 0, 0, 0, 0, 0]), 23],
            // RFC2928
            [new IPv6([8193, 3512, 0, 0, 0, 0, 0, 0]), 32],
            // RFC9637
            [new IPv6([16383, 0, 0, 0, 0, 0, 0, 0]), 20]
          ]
        };
        IPv6.prototype.isIPv4MappedAddress = function() {
          return this.range() === "ipv4Mapped";
        };
        IPv6.prototype.kind = function() {
          return "ipv6";
        };
        IPv6.prototype.match = function(other, cidrRange) {
          let ref;
          if (cidrRange === void 0) {
            ref = other;
            other = ref[0];
            cidrRange = ref[1];
          }
          if (other.kind() !== "ipv6") {
            throw new Error("ipaddr: cannot match ipv6 address with non-ipv6 one");
          }
          return matchCIDR(this.parts, other.parts, 16, cidrRange);
        };
        IPv6.prototype.prefixLengthFromSubnetMask = function() {
          let cidr = 0;
          let stop = false;
          const zerotable = {
            0: 16,
            32768: 15,
            49152: 14,
            57344: 13,
            61440: 12,
            63488: 11,
            64512: 10,
            65024: 9,
            65280: 8,
            65408: 7,
            65472: 6,
            65504: 5,
            65520: 4,
            65528: 3,
            65532: 2,
            65534: 1,
            65535: 0
          };
          let part, zeros;
          for (let i = 7; i >= 0; i -= 1) {
            part = this.parts[i];
            if (part in zerotable) {
              zeros = zerotable[part];
              if (stop && zeros !== 0) {
                return null;
              }
              if (zeros !== 16) {
                stop = true;
              }
              cidr += zeros;
            } else {
              return null;
            }
          }
          return 128 - cidr;
        };
        IPv6.prototype.range = function() {
          return ipaddr2.subnetMatch(this, this.SpecialRanges);
        };
        IPv6.prototype.toByteArray = function() {
          let part;
          const bytes = [];
          const ref = this.parts;
          for (let i = 0; i < ref.length; i++) {
            part = ref[i];
            bytes.push(part >> 8);
            bytes.push(part & 255);
          }
          return bytes;
        };
        IPv6.prototype.toFixedLengthString = function() {
          const addr = (function() {
            const results = [];
            for (let i = 0; i < this.parts.length; i++) {
              results.push(padPart(this.parts[i].toString(16), 4));
            }
            return results;
          }).call(this).join(":");
          let suffix = "";
          if (this.zoneId) {
            suffix = `%${this.zoneId}`;
          }
          return addr + suffix;
        };
        IPv6.prototype.toIPv4Address = function() {
          if (!this.isIPv4MappedAddress()) {
            throw new Error("ipaddr: trying to convert a generic ipv6 address to ipv4");
          }
          const ref = this.parts.slice(-2);
          const high = ref[0];
          const low = ref[1];
          return new ipaddr2.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
        };
        IPv6.prototype.toNormalizedString = function() {
          const addr = (function() {
            const results = [];
            for (let i = 0; i < this.parts.length; i++) {
              results.push(this.parts[i].toString(16));
            }
            return results;
          }).call(this).join(":");
          let suffix = "";
          if (this.zoneId) {
            suffix = `%${this.zoneId}`;
          }
          return addr + suffix;
        };
        IPv6.prototype.toRFC5952String = function() {
          const regex = /((^|:)(0(:|$)){2,})/g;
          let suffix = "";
          if (this.zoneId) {
            suffix = `%${this.zoneId}`;
          }
          const normalized = this.toNormalizedString();
          const string2 = normalized.slice(0, normalized.length - suffix.length);
          let bestMatchIndex = 0;
          let bestMatchLength = -1;
          let bestMatchGroups = -1;
          let match;
          while (match = regex.exec(string2)) {
            const groups = (match[0].match(/0/g) || []).length;
            if (groups > bestMatchGroups) {
              bestMatchGroups = groups;
              bestMatchIndex = match.index;
              bestMatchLength = match[0].length;
            }
          }
          if (bestMatchLength < 0) {
            return string2 + suffix;
          }
          return `${string2.substring(0, bestMatchIndex)}::${string2.substring(bestMatchIndex + bestMatchLength)}${suffix}`;
        };
        IPv6.prototype.toString = function() {
          return this.toRFC5952String();
        };
        return IPv6;
      })();
      ipaddr2.IPv6.broadcastAddressFromCIDR = function(string2) {
        try {
          const cidr = this.parseCIDR(string2);
          const ipInterfaceOctets = cidr[0].toByteArray();
          const subnetMaskOctets = this.subnetMaskFromPrefixLength(cidr[1]).toByteArray();
          const octets = [];
          let i = 0;
          while (i < 16) {
            octets.push(parseInt(ipInterfaceOctets[i], 10) | parseInt(subnetMaskOctets[i], 10) ^ 255);
            i++;
          }
          return new this(octets);
        } catch (e) {
          throw new Error("ipaddr: the address does not have IPv6 CIDR format", { cause: e });
        }
      };
      ipaddr2.IPv6.isIPv6 = function(string2) {
        return this.parser(string2) !== null;
      };
      ipaddr2.IPv6.isValid = function(string2) {
        if (typeof string2 === "string" && string2.indexOf(":") === -1) {
          return false;
        }
        try {
          const addr = this.parser(string2);
          new this(addr.parts, addr.zoneId);
          return true;
        } catch {
          return false;
        }
      };
      ipaddr2.IPv6.isValidCIDR = function(string2) {
        if (typeof string2 === "string" && string2.indexOf(":") === -1) {
          return false;
        }
        try {
          this.parseCIDR(string2);
          return true;
        } catch {
          return false;
        }
      };
      ipaddr2.IPv6.networkAddressFromCIDR = function(string2) {
        let cidr, i, ipInterfaceOctets, octets, subnetMaskOctets;
        try {
          cidr = this.parseCIDR(string2);
          ipInterfaceOctets = cidr[0].toByteArray();
          subnetMaskOctets = this.subnetMaskFromPrefixLength(cidr[1]).toByteArray();
          octets = [];
          i = 0;
          while (i < 16) {
            octets.push(parseInt(ipInterfaceOctets[i], 10) & parseInt(subnetMaskOctets[i], 10));
            i++;
          }
          return new this(octets);
        } catch (e) {
          throw new Error("ipaddr: the address does not have IPv6 CIDR format", { cause: e });
        }
      };
      ipaddr2.IPv6.parse = function(string2) {
        const addr = this.parser(string2);
        if (addr === null) {
          throw new Error("ipaddr: string is not formatted like an IPv6 Address");
        }
        return new this(addr.parts, addr.zoneId);
      };
      ipaddr2.IPv6.parseCIDR = function(string2) {
        let maskLength, match, parsed;
        if (match = string2.match(/^(.+)\/(\d+)$/)) {
          maskLength = parseInt(match[2]);
          if (maskLength >= 0 && maskLength <= 128) {
            parsed = [this.parse(match[1]), maskLength];
            Object.defineProperty(parsed, "toString", {
              value: function() {
                return this.join("/");
              }
            });
            return parsed;
          }
        }
        throw new Error("ipaddr: string is not formatted like an IPv6 CIDR range");
      };
      ipaddr2.IPv6.parser = function(string2) {
        let addr, i, match, octet, octets, zoneId;
        if (match = string2.match(ipv6Regexes.deprecatedTransitional)) {
          return this.parser(`::ffff:${match[1]}`);
        }
        if (ipv6Regexes.native.test(string2)) {
          return expandIPv6(string2, 8);
        }
        if (match = string2.match(ipv6Regexes.transitional)) {
          zoneId = match[6] || "";
          addr = match[1];
          if (!match[1].endsWith("::")) {
            addr = addr.slice(0, -1);
          }
          addr = expandIPv6(addr + zoneId, 6);
          if (addr && addr.parts) {
            octets = [
              parseInt(match[2]),
              parseInt(match[3]),
              parseInt(match[4]),
              parseInt(match[5])
            ];
            for (i = 0; i < octets.length; i++) {
              octet = octets[i];
              if (!(0 <= octet && octet <= 255)) {
                return null;
              }
            }
            addr.parts.push(octets[0] << 8 | octets[1]);
            addr.parts.push(octets[2] << 8 | octets[3]);
            return {
              parts: addr.parts,
              zoneId: addr.zoneId
            };
          }
        }
        return null;
      };
      ipaddr2.IPv6.subnetMaskFromPrefixLength = function(prefix) {
        prefix = parseInt(prefix);
        if (Number.isNaN(prefix) || prefix < 0 || prefix > 128) {
          throw new Error("ipaddr: invalid IPv6 prefix length");
        }
        const octets = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let j = 0;
        const filledOctetCount = Math.floor(prefix / 8);
        while (j < filledOctetCount) {
          octets[j] = 255;
          j++;
        }
        if (filledOctetCount < 16) {
          octets[filledOctetCount] = Math.pow(2, prefix % 8) - 1 << 8 - prefix % 8;
        }
        return new this(octets);
      };
      ipaddr2.fromByteArray = function(bytes) {
        const length = bytes.length;
        if (length === 4) {
          return new ipaddr2.IPv4(bytes);
        } else if (length === 16) {
          return new ipaddr2.IPv6(bytes);
        } else {
          throw new Error("ipaddr: the binary input is neither an IPv6 nor IPv4 address");
        }
      };
      ipaddr2.isValid = function(string2) {
        return ipaddr2.IPv6.isValid(string2) || ipaddr2.IPv4.isValid(string2);
      };
      ipaddr2.isValidCIDR = function(string2) {
        return ipaddr2.IPv6.isValidCIDR(string2) || ipaddr2.IPv4.isValidCIDR(string2);
      };
      ipaddr2.parse = function(string2) {
        if (ipaddr2.IPv6.isValid(string2)) {
          return ipaddr2.IPv6.parse(string2);
        } else if (ipaddr2.IPv4.isValid(string2)) {
          return ipaddr2.IPv4.parse(string2);
        } else {
          throw new Error("ipaddr: the address has neither IPv6 nor IPv4 format");
        }
      };
      ipaddr2.parseCIDR = function(string2) {
        try {
          return ipaddr2.IPv6.parseCIDR(string2);
        } catch {
          try {
            return ipaddr2.IPv4.parseCIDR(string2);
          } catch (e) {
            throw new Error("ipaddr: the address has neither IPv6 nor IPv4 CIDR format", { cause: e });
          }
        }
      };
      ipaddr2.process = function(string2) {
        const addr = this.parse(string2);
        if (addr.kind() === "ipv6" && addr.isIPv4MappedAddress()) {
          return addr.toIPv4Address();
        } else {
          return addr;
        }
      };
      ipaddr2.subnetMatch = function(address, rangeList, defaultName) {
        let i, rangeName, rangeSubnets, subnet;
        if (defaultName === void 0 || defaultName === null) {
          defaultName = "unicast";
        }
        for (rangeName in rangeList) {
          if (Object.prototype.hasOwnProperty.call(rangeList, rangeName)) {
            rangeSubnets = rangeList[rangeName];
            if (rangeSubnets[0] && !(rangeSubnets[0] instanceof Array)) {
              rangeSubnets = [rangeSubnets];
            }
            for (i = 0; i < rangeSubnets.length; i++) {
              subnet = rangeSubnets[i];
              if (address.kind() === subnet[0].kind() && address.match.apply(address, subnet)) {
                return rangeName;
              }
            }
          }
        }
        return defaultName;
      };
      if (typeof module !== "undefined" && module.exports) {
        module.exports = ipaddr2;
      } else {
        root2.ipaddr = ipaddr2;
      }
    })(exports);
  }
});

// node_modules/yaml/dist/nodes/identity.js
var require_identity = __commonJS({
  "node_modules/yaml/dist/nodes/identity.js"(exports) {
    "use strict";
    var ALIAS = /* @__PURE__ */ Symbol.for("yaml.alias");
    var DOC = /* @__PURE__ */ Symbol.for("yaml.document");
    var MAP = /* @__PURE__ */ Symbol.for("yaml.map");
    var PAIR = /* @__PURE__ */ Symbol.for("yaml.pair");
    var SCALAR = /* @__PURE__ */ Symbol.for("yaml.scalar");
    var SEQ = /* @__PURE__ */ Symbol.for("yaml.seq");
    var NODE_TYPE = /* @__PURE__ */ Symbol.for("yaml.node.type");
    var isAlias3 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === ALIAS;
    var isDocument = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === DOC;
    var isMap3 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === MAP;
    var isPair2 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === PAIR;
    var isScalar3 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SCALAR;
    var isSeq2 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SEQ;
    function isCollection2(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case MAP:
          case SEQ:
            return true;
        }
      return false;
    }
    function isNode3(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case ALIAS:
          case MAP:
          case SCALAR:
          case SEQ:
            return true;
        }
      return false;
    }
    var hasAnchor = (node) => (isScalar3(node) || isCollection2(node)) && !!node.anchor;
    exports.ALIAS = ALIAS;
    exports.DOC = DOC;
    exports.MAP = MAP;
    exports.NODE_TYPE = NODE_TYPE;
    exports.PAIR = PAIR;
    exports.SCALAR = SCALAR;
    exports.SEQ = SEQ;
    exports.hasAnchor = hasAnchor;
    exports.isAlias = isAlias3;
    exports.isCollection = isCollection2;
    exports.isDocument = isDocument;
    exports.isMap = isMap3;
    exports.isNode = isNode3;
    exports.isPair = isPair2;
    exports.isScalar = isScalar3;
    exports.isSeq = isSeq2;
  }
});

// node_modules/yaml/dist/visit.js
var require_visit = __commonJS({
  "node_modules/yaml/dist/visit.js"(exports) {
    "use strict";
    var identity = require_identity();
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove node");
    function visit(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = visit_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        visit_(null, node, visitor_, Object.freeze([]));
    }
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    function visit_(key, node, visitor, path) {
      const ctrl = callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visit_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = visit_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = visit_("key", node.key, visitor, path);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = visit_("value", node.value, visitor, path);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    async function visitAsync(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = await visitAsync_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        await visitAsync_(null, node, visitor_, Object.freeze([]));
    }
    visitAsync.BREAK = BREAK;
    visitAsync.SKIP = SKIP;
    visitAsync.REMOVE = REMOVE;
    async function visitAsync_(key, node, visitor, path) {
      const ctrl = await callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visitAsync_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = await visitAsync_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = await visitAsync_("key", node.key, visitor, path);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = await visitAsync_("value", node.value, visitor, path);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    function initVisitor(visitor) {
      if (typeof visitor === "object" && (visitor.Collection || visitor.Node || visitor.Value)) {
        return Object.assign({
          Alias: visitor.Node,
          Map: visitor.Node,
          Scalar: visitor.Node,
          Seq: visitor.Node
        }, visitor.Value && {
          Map: visitor.Value,
          Scalar: visitor.Value,
          Seq: visitor.Value
        }, visitor.Collection && {
          Map: visitor.Collection,
          Seq: visitor.Collection
        }, visitor);
      }
      return visitor;
    }
    function callVisitor(key, node, visitor, path) {
      if (typeof visitor === "function")
        return visitor(key, node, path);
      if (identity.isMap(node))
        return visitor.Map?.(key, node, path);
      if (identity.isSeq(node))
        return visitor.Seq?.(key, node, path);
      if (identity.isPair(node))
        return visitor.Pair?.(key, node, path);
      if (identity.isScalar(node))
        return visitor.Scalar?.(key, node, path);
      if (identity.isAlias(node))
        return visitor.Alias?.(key, node, path);
      return void 0;
    }
    function replaceNode(key, path, node) {
      const parent = path[path.length - 1];
      if (identity.isCollection(parent)) {
        parent.items[key] = node;
      } else if (identity.isPair(parent)) {
        if (key === "key")
          parent.key = node;
        else
          parent.value = node;
      } else if (identity.isDocument(parent)) {
        parent.contents = node;
      } else {
        const pt = identity.isAlias(parent) ? "alias" : "scalar";
        throw new Error(`Cannot replace node with ${pt} parent`);
      }
    }
    exports.visit = visit;
    exports.visitAsync = visitAsync;
  }
});

// node_modules/yaml/dist/doc/directives.js
var require_directives = __commonJS({
  "node_modules/yaml/dist/doc/directives.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    var escapeChars = {
      "!": "%21",
      ",": "%2C",
      "[": "%5B",
      "]": "%5D",
      "{": "%7B",
      "}": "%7D"
    };
    var escapeTagName = (tn) => tn.replace(/[!,[\]{}]/g, (ch) => escapeChars[ch]);
    var Directives = class _Directives {
      constructor(yaml, tags) {
        this.docStart = null;
        this.docEnd = false;
        this.yaml = Object.assign({}, _Directives.defaultYaml, yaml);
        this.tags = Object.assign({}, _Directives.defaultTags, tags);
      }
      clone() {
        const copy = new _Directives(this.yaml, this.tags);
        copy.docStart = this.docStart;
        return copy;
      }
      /**
       * During parsing, get a Directives instance for the current document and
       * update the stream state according to the current version's spec.
       */
      atDocument() {
        const res = new _Directives(this.yaml, this.tags);
        switch (this.yaml.version) {
          case "1.1":
            this.atNextDocument = true;
            break;
          case "1.2":
            this.atNextDocument = false;
            this.yaml = {
              explicit: _Directives.defaultYaml.explicit,
              version: "1.2"
            };
            this.tags = Object.assign({}, _Directives.defaultTags);
            break;
        }
        return res;
      }
      /**
       * @param onError - May be called even if the action was successful
       * @returns `true` on success
       */
      add(line, onError) {
        if (this.atNextDocument) {
          this.yaml = { explicit: _Directives.defaultYaml.explicit, version: "1.1" };
          this.tags = Object.assign({}, _Directives.defaultTags);
          this.atNextDocument = false;
        }
        const parts = line.trim().split(/[ \t]+/);
        const name = parts.shift();
        switch (name) {
          case "%TAG": {
            if (parts.length !== 2) {
              onError(0, "%TAG directive should contain exactly two parts");
              if (parts.length < 2)
                return false;
            }
            const [handle, prefix] = parts;
            this.tags[handle] = prefix;
            return true;
          }
          case "%YAML": {
            this.yaml.explicit = true;
            if (parts.length !== 1) {
              onError(0, "%YAML directive should contain exactly one part");
              return false;
            }
            const [version2] = parts;
            if (version2 === "1.1" || version2 === "1.2") {
              this.yaml.version = version2;
              return true;
            } else {
              const isValid = /^\d+\.\d+$/.test(version2);
              onError(6, `Unsupported YAML version ${version2}`, isValid);
              return false;
            }
          }
          default:
            onError(0, `Unknown directive ${name}`, true);
            return false;
        }
      }
      /**
       * Resolves a tag, matching handles to those defined in %TAG directives.
       *
       * @returns Resolved tag, which may also be the non-specific tag `'!'` or a
       *   `'!local'` tag, or `null` if unresolvable.
       */
      tagName(source, onError) {
        if (source === "!")
          return "!";
        if (source[0] !== "!") {
          onError(`Not a valid tag: ${source}`);
          return null;
        }
        if (source[1] === "<") {
          const verbatim = source.slice(2, -1);
          if (verbatim === "!" || verbatim === "!!") {
            onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
            return null;
          }
          if (source[source.length - 1] !== ">")
            onError("Verbatim tags must end with a >");
          return verbatim;
        }
        const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
        if (!suffix)
          onError(`The ${source} tag has no suffix`);
        const prefix = this.tags[handle];
        if (prefix) {
          try {
            return prefix + decodeURIComponent(suffix);
          } catch (error) {
            onError(String(error));
            return null;
          }
        }
        if (handle === "!")
          return source;
        onError(`Could not resolve tag: ${source}`);
        return null;
      }
      /**
       * Given a fully resolved tag, returns its printable string form,
       * taking into account current tag prefixes and defaults.
       */
      tagString(tag) {
        for (const [handle, prefix] of Object.entries(this.tags)) {
          if (tag.startsWith(prefix))
            return handle + escapeTagName(tag.substring(prefix.length));
        }
        return tag[0] === "!" ? tag : `!<${tag}>`;
      }
      toString(doc) {
        const lines = this.yaml.explicit ? [`%YAML ${this.yaml.version || "1.2"}`] : [];
        const tagEntries = Object.entries(this.tags);
        let tagNames;
        if (doc && tagEntries.length > 0 && identity.isNode(doc.contents)) {
          const tags = {};
          visit.visit(doc.contents, (_key, node) => {
            if (identity.isNode(node) && node.tag)
              tags[node.tag] = true;
          });
          tagNames = Object.keys(tags);
        } else
          tagNames = [];
        for (const [handle, prefix] of tagEntries) {
          if (handle === "!!" && prefix === "tag:yaml.org,2002:")
            continue;
          if (!doc || tagNames.some((tn) => tn.startsWith(prefix)))
            lines.push(`%TAG ${handle} ${prefix}`);
        }
        return lines.join("\n");
      }
    };
    Directives.defaultYaml = { explicit: false, version: "1.2" };
    Directives.defaultTags = { "!!": "tag:yaml.org,2002:" };
    exports.Directives = Directives;
  }
});

// node_modules/yaml/dist/doc/anchors.js
var require_anchors = __commonJS({
  "node_modules/yaml/dist/doc/anchors.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    function anchorIsValid(anchor) {
      if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
        const sa = JSON.stringify(anchor);
        const msg = `Anchor must not contain whitespace or control characters: ${sa}`;
        throw new Error(msg);
      }
      return true;
    }
    function anchorNames(root2) {
      const anchors = /* @__PURE__ */ new Set();
      visit.visit(root2, {
        Value(_key, node) {
          if (node.anchor)
            anchors.add(node.anchor);
        }
      });
      return anchors;
    }
    function findNewAnchor(prefix, exclude) {
      for (let i = 1; true; ++i) {
        const name = `${prefix}${i}`;
        if (!exclude.has(name))
          return name;
      }
    }
    function createNodeAnchors(doc, prefix) {
      const aliasObjects = [];
      const sourceObjects = /* @__PURE__ */ new Map();
      let prevAnchors = null;
      return {
        onAnchor: (source) => {
          aliasObjects.push(source);
          prevAnchors ?? (prevAnchors = anchorNames(doc));
          const anchor = findNewAnchor(prefix, prevAnchors);
          prevAnchors.add(anchor);
          return anchor;
        },
        /**
         * With circular references, the source node is only resolved after all
         * of its child nodes are. This is why anchors are set only after all of
         * the nodes have been created.
         */
        setAnchors: () => {
          for (const source of aliasObjects) {
            const ref = sourceObjects.get(source);
            if (typeof ref === "object" && ref.anchor && (identity.isScalar(ref.node) || identity.isCollection(ref.node))) {
              ref.node.anchor = ref.anchor;
            } else {
              const error = new Error("Failed to resolve repeated object (this should not happen)");
              error.source = source;
              throw error;
            }
          }
        },
        sourceObjects
      };
    }
    exports.anchorIsValid = anchorIsValid;
    exports.anchorNames = anchorNames;
    exports.createNodeAnchors = createNodeAnchors;
    exports.findNewAnchor = findNewAnchor;
  }
});

// node_modules/yaml/dist/doc/applyReviver.js
var require_applyReviver = __commonJS({
  "node_modules/yaml/dist/doc/applyReviver.js"(exports) {
    "use strict";
    function applyReviver(reviver, obj, key, val) {
      if (val && typeof val === "object") {
        if (Array.isArray(val)) {
          for (let i = 0, len = val.length; i < len; ++i) {
            const v0 = val[i];
            const v1 = applyReviver(reviver, val, String(i), v0);
            if (v1 === void 0)
              delete val[i];
            else if (v1 !== v0)
              val[i] = v1;
          }
        } else if (val instanceof Map) {
          for (const k of Array.from(val.keys())) {
            const v0 = val.get(k);
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              val.delete(k);
            else if (v1 !== v0)
              val.set(k, v1);
          }
        } else if (val instanceof Set) {
          for (const v0 of Array.from(val)) {
            const v1 = applyReviver(reviver, val, v0, v0);
            if (v1 === void 0)
              val.delete(v0);
            else if (v1 !== v0) {
              val.delete(v0);
              val.add(v1);
            }
          }
        } else {
          for (const [k, v0] of Object.entries(val)) {
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              delete val[k];
            else if (v1 !== v0)
              val[k] = v1;
          }
        }
      }
      return reviver.call(obj, key, val);
    }
    exports.applyReviver = applyReviver;
  }
});

// node_modules/yaml/dist/nodes/toJS.js
var require_toJS = __commonJS({
  "node_modules/yaml/dist/nodes/toJS.js"(exports) {
    "use strict";
    var identity = require_identity();
    function toJS(value, arg, ctx) {
      if (Array.isArray(value))
        return value.map((v, i) => toJS(v, String(i), ctx));
      if (value && typeof value.toJSON === "function") {
        if (!ctx || !identity.hasAnchor(value))
          return value.toJSON(arg, ctx);
        const data = { aliasCount: 0, count: 1, res: void 0 };
        ctx.anchors.set(value, data);
        ctx.onCreate = (res2) => {
          data.res = res2;
          delete ctx.onCreate;
        };
        const res = value.toJSON(arg, ctx);
        if (ctx.onCreate)
          ctx.onCreate(res);
        return res;
      }
      if (typeof value === "bigint" && !ctx?.keep)
        return Number(value);
      return value;
    }
    exports.toJS = toJS;
  }
});

// node_modules/yaml/dist/nodes/Node.js
var require_Node = __commonJS({
  "node_modules/yaml/dist/nodes/Node.js"(exports) {
    "use strict";
    var applyReviver = require_applyReviver();
    var identity = require_identity();
    var toJS = require_toJS();
    var NodeBase = class {
      constructor(type) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: type });
      }
      /** Create a copy of this node.  */
      clone() {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** A plain JavaScript representation of this node. */
      toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        if (!identity.isDocument(doc))
          throw new TypeError("A document argument is required");
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc,
          keep: true,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this, "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
    };
    exports.NodeBase = NodeBase;
  }
});

// node_modules/yaml/dist/nodes/Alias.js
var require_Alias = __commonJS({
  "node_modules/yaml/dist/nodes/Alias.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var visit = require_visit();
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var Alias = class extends Node.NodeBase {
      constructor(source) {
        super(identity.ALIAS);
        this.source = source;
        Object.defineProperty(this, "tag", {
          set() {
            throw new Error("Alias nodes cannot have tags");
          }
        });
      }
      /**
       * Resolve the value of this alias within `doc`, finding the last
       * instance of the `source` anchor before this node.
       */
      resolve(doc, ctx) {
        if (ctx?.maxAliasCount === 0)
          throw new ReferenceError("Alias resolution is disabled");
        let nodes;
        if (ctx?.aliasResolveCache) {
          nodes = ctx.aliasResolveCache;
        } else {
          nodes = [];
          visit.visit(doc, {
            Node: (_key, node) => {
              if (identity.isAlias(node) || identity.hasAnchor(node))
                nodes.push(node);
            }
          });
          if (ctx)
            ctx.aliasResolveCache = nodes;
        }
        let found = void 0;
        for (const node of nodes) {
          if (node === this)
            break;
          if (node.anchor === this.source)
            found = node;
        }
        if (found && ctx) {
          const { anchors: anchors2, doc: doc2, maxAliasCount } = ctx;
          let data = anchors2.get(found);
          if (!data) {
            toJS.toJS(found, null, ctx);
            data = anchors2.get(found);
          }
          if (data?.res === void 0) {
            const msg = "This should not happen: Alias anchor was not resolved?";
            throw new ReferenceError(msg);
          }
          if (maxAliasCount >= 0) {
            data.count += 1;
            if (data.aliasCount === 0)
              data.aliasCount = getAliasCount(doc2, found, anchors2);
            if (data.count * data.aliasCount > maxAliasCount) {
              const msg = "Excessive alias count indicates a resource exhaustion attack";
              throw new ReferenceError(msg);
            }
          }
        }
        return found;
      }
      toJSON(_arg, ctx) {
        if (!ctx)
          return { source: this.source };
        const source = this.resolve(ctx.doc, ctx);
        if (!source) {
          const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
          throw new ReferenceError(msg);
        }
        return ctx.anchors.get(source).res;
      }
      toString(ctx, _onComment, _onChompKeep) {
        const src = `*${this.source}`;
        if (ctx) {
          anchors.anchorIsValid(this.source);
          if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
            const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
            throw new Error(msg);
          }
          if (ctx.implicitKey)
            return `${src} `;
        }
        return src;
      }
    };
    function getAliasCount(doc, node, anchors2) {
      if (identity.isAlias(node)) {
        const source = node.resolve(doc);
        const anchor = anchors2 && source && anchors2.get(source);
        return anchor ? anchor.count * anchor.aliasCount : 0;
      } else if (identity.isCollection(node)) {
        let count = 0;
        for (const item of node.items) {
          const c = getAliasCount(doc, item, anchors2);
          if (c > count)
            count = c;
        }
        return count;
      } else if (identity.isPair(node)) {
        const kc = getAliasCount(doc, node.key, anchors2);
        const vc = getAliasCount(doc, node.value, anchors2);
        return Math.max(kc, vc);
      }
      return 1;
    }
    exports.Alias = Alias;
  }
});

// node_modules/yaml/dist/nodes/Scalar.js
var require_Scalar = __commonJS({
  "node_modules/yaml/dist/nodes/Scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var isScalarValue = (value) => !value || typeof value !== "function" && typeof value !== "object";
    var Scalar = class extends Node.NodeBase {
      constructor(value) {
        super(identity.SCALAR);
        this.value = value;
      }
      toJSON(arg, ctx) {
        return ctx?.keep ? this.value : toJS.toJS(this.value, arg, ctx);
      }
      toString() {
        return String(this.value);
      }
    };
    Scalar.BLOCK_FOLDED = "BLOCK_FOLDED";
    Scalar.BLOCK_LITERAL = "BLOCK_LITERAL";
    Scalar.PLAIN = "PLAIN";
    Scalar.QUOTE_DOUBLE = "QUOTE_DOUBLE";
    Scalar.QUOTE_SINGLE = "QUOTE_SINGLE";
    exports.Scalar = Scalar;
    exports.isScalarValue = isScalarValue;
  }
});

// node_modules/yaml/dist/doc/createNode.js
var require_createNode = __commonJS({
  "node_modules/yaml/dist/doc/createNode.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var defaultTagPrefix = "tag:yaml.org,2002:";
    function findTagObject(value, tagName, tags) {
      if (tagName) {
        const match = tags.filter((t) => t.tag === tagName);
        const tagObj = match.find((t) => !t.format) ?? match[0];
        if (!tagObj)
          throw new Error(`Tag ${tagName} not found`);
        return tagObj;
      }
      return tags.find((t) => t.identify?.(value) && !t.format);
    }
    function createNode(value, tagName, ctx) {
      if (identity.isDocument(value))
        value = value.contents;
      if (identity.isNode(value))
        return value;
      if (identity.isPair(value)) {
        const map = ctx.schema[identity.MAP].createNode?.(ctx.schema, null, ctx);
        map.items.push(value);
        return map;
      }
      if (value instanceof String || value instanceof Number || value instanceof Boolean || typeof BigInt !== "undefined" && value instanceof BigInt) {
        value = value.valueOf();
      }
      const { aliasDuplicateObjects, onAnchor, onTagObj, schema, sourceObjects } = ctx;
      let ref = void 0;
      if (aliasDuplicateObjects && value && typeof value === "object") {
        ref = sourceObjects.get(value);
        if (ref) {
          ref.anchor ?? (ref.anchor = onAnchor(value));
          return new Alias.Alias(ref.anchor);
        } else {
          ref = { anchor: null, node: null };
          sourceObjects.set(value, ref);
        }
      }
      if (tagName?.startsWith("!!"))
        tagName = defaultTagPrefix + tagName.slice(2);
      let tagObj = findTagObject(value, tagName, schema.tags);
      if (!tagObj) {
        if (value && typeof value.toJSON === "function") {
          value = value.toJSON();
        }
        if (!value || typeof value !== "object") {
          const node2 = new Scalar.Scalar(value);
          if (ref)
            ref.node = node2;
          return node2;
        }
        tagObj = value instanceof Map ? schema[identity.MAP] : Symbol.iterator in Object(value) ? schema[identity.SEQ] : schema[identity.MAP];
      }
      if (onTagObj) {
        onTagObj(tagObj);
        delete ctx.onTagObj;
      }
      const node = tagObj?.createNode ? tagObj.createNode(ctx.schema, value, ctx) : typeof tagObj?.nodeClass?.from === "function" ? tagObj.nodeClass.from(ctx.schema, value, ctx) : new Scalar.Scalar(value);
      if (tagName)
        node.tag = tagName;
      else if (!tagObj.default)
        node.tag = tagObj.tag;
      if (ref)
        ref.node = node;
      return node;
    }
    exports.createNode = createNode;
  }
});

// node_modules/yaml/dist/nodes/Collection.js
var require_Collection = __commonJS({
  "node_modules/yaml/dist/nodes/Collection.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var identity = require_identity();
    var Node = require_Node();
    function collectionFromPath(schema, path, value) {
      let v = value;
      for (let i = path.length - 1; i >= 0; --i) {
        const k = path[i];
        if (typeof k === "number" && Number.isInteger(k) && k >= 0) {
          const a = [];
          a[k] = v;
          v = a;
        } else {
          v = /* @__PURE__ */ new Map([[k, v]]);
        }
      }
      return createNode.createNode(v, void 0, {
        aliasDuplicateObjects: false,
        keepUndefined: false,
        onAnchor: () => {
          throw new Error("This should not happen, please report a bug.");
        },
        schema,
        sourceObjects: /* @__PURE__ */ new Map()
      });
    }
    var isEmptyPath = (path) => path == null || typeof path === "object" && !!path[Symbol.iterator]().next().done;
    var Collection = class extends Node.NodeBase {
      constructor(type, schema) {
        super(type);
        Object.defineProperty(this, "schema", {
          value: schema,
          configurable: true,
          enumerable: false,
          writable: true
        });
      }
      /**
       * Create a copy of this collection.
       *
       * @param schema - If defined, overwrites the original's schema
       */
      clone(schema) {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (schema)
          copy.schema = schema;
        copy.items = copy.items.map((it) => identity.isNode(it) || identity.isPair(it) ? it.clone(schema) : it);
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /**
       * Adds a value to the collection. For `!!map` and `!!omap` the value must
       * be a Pair instance or a `{ key, value }` object, which may not have a key
       * that already exists in the map.
       */
      addIn(path, value) {
        if (isEmptyPath(path))
          this.add(value);
        else {
          const [key, ...rest] = path;
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.addIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
      /**
       * Removes a value from the collection.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.delete(key);
        const node = this.get(key, true);
        if (identity.isCollection(node))
          return node.deleteIn(rest);
        else
          throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        const [key, ...rest] = path;
        const node = this.get(key, true);
        if (rest.length === 0)
          return !keepScalar && identity.isScalar(node) ? node.value : node;
        else
          return identity.isCollection(node) ? node.getIn(rest, keepScalar) : void 0;
      }
      hasAllNullValues(allowScalar) {
        return this.items.every((node) => {
          if (!identity.isPair(node))
            return false;
          const n = node.value;
          return n == null || allowScalar && identity.isScalar(n) && n.value == null && !n.commentBefore && !n.comment && !n.tag;
        });
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       */
      hasIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.has(key);
        const node = this.get(key, true);
        return identity.isCollection(node) ? node.hasIn(rest) : false;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        const [key, ...rest] = path;
        if (rest.length === 0) {
          this.set(key, value);
        } else {
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.setIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
    };
    exports.Collection = Collection;
    exports.collectionFromPath = collectionFromPath;
    exports.isEmptyPath = isEmptyPath;
  }
});

// node_modules/yaml/dist/stringify/stringifyComment.js
var require_stringifyComment = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyComment.js"(exports) {
    "use strict";
    var stringifyComment = (str) => str.replace(/^(?!$)(?: $)?/gm, "#");
    function indentComment(comment, indent) {
      if (/^\n+$/.test(comment))
        return comment.substring(1);
      return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
    }
    var lineComment = (str, indent, comment) => str.endsWith("\n") ? indentComment(comment, indent) : comment.includes("\n") ? "\n" + indentComment(comment, indent) : (str.endsWith(" ") ? "" : " ") + comment;
    exports.indentComment = indentComment;
    exports.lineComment = lineComment;
    exports.stringifyComment = stringifyComment;
  }
});

// node_modules/yaml/dist/stringify/foldFlowLines.js
var require_foldFlowLines = __commonJS({
  "node_modules/yaml/dist/stringify/foldFlowLines.js"(exports) {
    "use strict";
    var FOLD_FLOW = "flow";
    var FOLD_BLOCK = "block";
    var FOLD_QUOTED = "quoted";
    function foldFlowLines(text2, indent, mode = "flow", { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
      if (!lineWidth || lineWidth < 0)
        return text2;
      if (lineWidth < minContentWidth)
        minContentWidth = 0;
      const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
      if (text2.length <= endStep)
        return text2;
      const folds = [];
      const escapedFolds = {};
      let end = lineWidth - indent.length;
      if (typeof indentAtStart === "number") {
        if (indentAtStart > lineWidth - Math.max(2, minContentWidth))
          folds.push(0);
        else
          end = lineWidth - indentAtStart;
      }
      let split = void 0;
      let prev = void 0;
      let overflow = false;
      let i = -1;
      let escStart = -1;
      let escEnd = -1;
      if (mode === FOLD_BLOCK) {
        i = consumeMoreIndentedLines(text2, i, indent.length);
        if (i !== -1)
          end = i + endStep;
      }
      for (let ch; ch = text2[i += 1]; ) {
        if (mode === FOLD_QUOTED && ch === "\\") {
          escStart = i;
          switch (text2[i + 1]) {
            case "x":
              i += 3;
              break;
            case "u":
              i += 5;
              break;
            case "U":
              i += 9;
              break;
            default:
              i += 1;
          }
          escEnd = i;
        }
        if (ch === "\n") {
          if (mode === FOLD_BLOCK)
            i = consumeMoreIndentedLines(text2, i, indent.length);
          end = i + indent.length + endStep;
          split = void 0;
        } else {
          if (ch === " " && prev && prev !== " " && prev !== "\n" && prev !== "	") {
            const next = text2[i + 1];
            if (next && next !== " " && next !== "\n" && next !== "	")
              split = i;
          }
          if (i >= end) {
            if (split) {
              folds.push(split);
              end = split + endStep;
              split = void 0;
            } else if (mode === FOLD_QUOTED) {
              while (prev === " " || prev === "	") {
                prev = ch;
                ch = text2[i += 1];
                overflow = true;
              }
              const j = i > escEnd + 1 ? i - 2 : escStart - 1;
              if (escapedFolds[j])
                return text2;
              folds.push(j);
              escapedFolds[j] = true;
              end = j + endStep;
              split = void 0;
            } else {
              overflow = true;
            }
          }
        }
        prev = ch;
      }
      if (overflow && onOverflow)
        onOverflow();
      if (folds.length === 0)
        return text2;
      if (onFold)
        onFold();
      let res = text2.slice(0, folds[0]);
      for (let i2 = 0; i2 < folds.length; ++i2) {
        const fold = folds[i2];
        const end2 = folds[i2 + 1] || text2.length;
        if (fold === 0)
          res = `
${indent}${text2.slice(0, end2)}`;
        else {
          if (mode === FOLD_QUOTED && escapedFolds[fold])
            res += `${text2[fold]}\\`;
          res += `
${indent}${text2.slice(fold + 1, end2)}`;
        }
      }
      return res;
    }
    function consumeMoreIndentedLines(text2, i, indent) {
      let end = i;
      let start = i + 1;
      let ch = text2[start];
      while (ch === " " || ch === "	") {
        if (i < start + indent) {
          ch = text2[++i];
        } else {
          do {
            ch = text2[++i];
          } while (ch && ch !== "\n");
          end = i;
          start = i + 1;
          ch = text2[start];
        }
      }
      return end;
    }
    exports.FOLD_BLOCK = FOLD_BLOCK;
    exports.FOLD_FLOW = FOLD_FLOW;
    exports.FOLD_QUOTED = FOLD_QUOTED;
    exports.foldFlowLines = foldFlowLines;
  }
});

// node_modules/yaml/dist/stringify/stringifyString.js
var require_stringifyString = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyString.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var foldFlowLines = require_foldFlowLines();
    var getFoldOptions = (ctx, isBlock) => ({
      indentAtStart: isBlock ? ctx.indent.length : ctx.indentAtStart,
      lineWidth: ctx.options.lineWidth,
      minContentWidth: ctx.options.minContentWidth
    });
    var containsDocumentMarker = (str) => /^(%|---|\.\.\.)/m.test(str);
    function lineLengthOverLimit(str, lineWidth, indentLength) {
      if (!lineWidth || lineWidth < 0)
        return false;
      const limit = lineWidth - indentLength;
      const strLen = str.length;
      if (strLen <= limit)
        return false;
      for (let i = 0, start = 0; i < strLen; ++i) {
        if (str[i] === "\n") {
          if (i - start > limit)
            return true;
          start = i + 1;
          if (strLen - start <= limit)
            return false;
        }
      }
      return true;
    }
    function doubleQuotedString(value, ctx) {
      const json = JSON.stringify(value);
      if (ctx.options.doubleQuotedAsJSON)
        return json;
      const { implicitKey } = ctx;
      const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      let str = "";
      let start = 0;
      for (let i = 0, ch = json[i]; ch; ch = json[++i]) {
        if (ch === " " && json[i + 1] === "\\" && json[i + 2] === "n") {
          str += json.slice(start, i) + "\\ ";
          i += 1;
          start = i;
          ch = "\\";
        }
        if (ch === "\\")
          switch (json[i + 1]) {
            case "u":
              {
                str += json.slice(start, i);
                const code = json.substr(i + 2, 4);
                switch (code) {
                  case "0000":
                    str += "\\0";
                    break;
                  case "0007":
                    str += "\\a";
                    break;
                  case "000b":
                    str += "\\v";
                    break;
                  case "001b":
                    str += "\\e";
                    break;
                  case "0085":
                    str += "\\N";
                    break;
                  case "00a0":
                    str += "\\_";
                    break;
                  case "2028":
                    str += "\\L";
                    break;
                  case "2029":
                    str += "\\P";
                    break;
                  default:
                    if (code.substr(0, 2) === "00")
                      str += "\\x" + code.substr(2);
                    else
                      str += json.substr(i, 6);
                }
                i += 5;
                start = i + 1;
              }
              break;
            case "n":
              if (implicitKey || json[i + 2] === '"' || json.length < minMultiLineLength) {
                i += 1;
              } else {
                str += json.slice(start, i) + "\n\n";
                while (json[i + 2] === "\\" && json[i + 3] === "n" && json[i + 4] !== '"') {
                  str += "\n";
                  i += 2;
                }
                str += indent;
                if (json[i + 2] === " ")
                  str += "\\";
                i += 1;
                start = i + 1;
              }
              break;
            default:
              i += 1;
          }
      }
      str = start ? str + json.slice(start) : json;
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_QUOTED, getFoldOptions(ctx, false));
    }
    function singleQuotedString(value, ctx) {
      if (ctx.options.singleQuote === false || ctx.implicitKey && value.includes("\n") || /[ \t]\n|\n[ \t]/.test(value))
        return doubleQuotedString(value, ctx);
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      const res = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&
${indent}`) + "'";
      return ctx.implicitKey ? res : foldFlowLines.foldFlowLines(res, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function quotedString(value, ctx) {
      const { singleQuote } = ctx.options;
      let qs;
      if (singleQuote === false)
        qs = doubleQuotedString;
      else {
        const hasDouble = value.includes('"');
        const hasSingle = value.includes("'");
        if (hasDouble && !hasSingle)
          qs = singleQuotedString;
        else if (hasSingle && !hasDouble)
          qs = doubleQuotedString;
        else
          qs = singleQuote ? singleQuotedString : doubleQuotedString;
      }
      return qs(value, ctx);
    }
    var blockEndNewlines;
    try {
      blockEndNewlines = new RegExp("(^|(?<!\n))\n+(?!\n|$)", "g");
    } catch {
      blockEndNewlines = /\n+(?!\n|$)/g;
    }
    function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
      const { blockQuote, commentString, lineWidth } = ctx.options;
      if (!blockQuote || /\n[\t ]+$/.test(value)) {
        return quotedString(value, ctx);
      }
      const indent = ctx.indent || (ctx.forceBlockIndent || containsDocumentMarker(value) ? "  " : "");
      const literal = blockQuote === "literal" ? true : blockQuote === "folded" || type === Scalar.Scalar.BLOCK_FOLDED ? false : type === Scalar.Scalar.BLOCK_LITERAL ? true : !lineLengthOverLimit(value, lineWidth, indent.length);
      if (!value)
        return literal ? "|\n" : ">\n";
      let chomp;
      let endStart;
      for (endStart = value.length; endStart > 0; --endStart) {
        const ch = value[endStart - 1];
        if (ch !== "\n" && ch !== "	" && ch !== " ")
          break;
      }
      let end = value.substring(endStart);
      const endNlPos = end.indexOf("\n");
      if (endNlPos === -1) {
        chomp = "-";
      } else if (value === end || endNlPos !== end.length - 1) {
        chomp = "+";
        if (onChompKeep)
          onChompKeep();
      } else {
        chomp = "";
      }
      if (end) {
        value = value.slice(0, -end.length);
        if (end[end.length - 1] === "\n")
          end = end.slice(0, -1);
        end = end.replace(blockEndNewlines, `$&${indent}`);
      }
      let startWithSpace = false;
      let startEnd;
      let startNlPos = -1;
      for (startEnd = 0; startEnd < value.length; ++startEnd) {
        const ch = value[startEnd];
        if (ch === " ")
          startWithSpace = true;
        else if (ch === "\n")
          startNlPos = startEnd;
        else
          break;
      }
      let start = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
      if (start) {
        value = value.substring(start.length);
        start = start.replace(/\n+/g, `$&${indent}`);
      }
      const indentSize = indent ? "2" : "1";
      let header = (startWithSpace ? indentSize : "") + chomp;
      if (comment) {
        header += " " + commentString(comment.replace(/ ?[\r\n]+/g, " "));
        if (onComment)
          onComment();
      }
      if (!literal) {
        const foldedValue = value.replace(/\n+/g, "\n$&").replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, "$1$2").replace(/\n+/g, `$&${indent}`);
        let literalFallback = false;
        const foldOptions = getFoldOptions(ctx, true);
        if (blockQuote !== "folded" && type !== Scalar.Scalar.BLOCK_FOLDED) {
          foldOptions.onOverflow = () => {
            literalFallback = true;
          };
        }
        const body = foldFlowLines.foldFlowLines(`${start}${foldedValue}${end}`, indent, foldFlowLines.FOLD_BLOCK, foldOptions);
        if (!literalFallback)
          return `>${header}
${indent}${body}`;
      }
      value = value.replace(/\n+/g, `$&${indent}`);
      return `|${header}
${indent}${start}${value}${end}`;
    }
    function plainString(item, ctx, onComment, onChompKeep) {
      const { type, value } = item;
      const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
      if (implicitKey && value.includes("\n") || inFlow && /[[\]{},]/.test(value)) {
        return quotedString(value, ctx);
      }
      if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) {
        return implicitKey || inFlow || !value.includes("\n") ? quotedString(value, ctx) : blockString(item, ctx, onComment, onChompKeep);
      }
      if (!implicitKey && !inFlow && type !== Scalar.Scalar.PLAIN && value.includes("\n")) {
        return blockString(item, ctx, onComment, onChompKeep);
      }
      if (containsDocumentMarker(value)) {
        if (indent === "") {
          ctx.forceBlockIndent = true;
          return blockString(item, ctx, onComment, onChompKeep);
        } else if (implicitKey && indent === indentStep) {
          return quotedString(value, ctx);
        }
      }
      const str = value.replace(/\n+/g, `$&
${indent}`);
      if (actualString) {
        const test = (tag) => tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test?.test(str);
        const { compat, tags } = ctx.doc.schema;
        if (tags.some(test) || compat?.some(test))
          return quotedString(value, ctx);
      }
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function stringifyString(item, ctx, onComment, onChompKeep) {
      const { implicitKey, inFlow } = ctx;
      const ss = typeof item.value === "string" ? item : Object.assign({}, item, { value: String(item.value) });
      let { type } = item;
      if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
        if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value))
          type = Scalar.Scalar.QUOTE_DOUBLE;
      }
      const _stringify = (_type) => {
        switch (_type) {
          case Scalar.Scalar.BLOCK_FOLDED:
          case Scalar.Scalar.BLOCK_LITERAL:
            return implicitKey || inFlow ? quotedString(ss.value, ctx) : blockString(ss, ctx, onComment, onChompKeep);
          case Scalar.Scalar.QUOTE_DOUBLE:
            return doubleQuotedString(ss.value, ctx);
          case Scalar.Scalar.QUOTE_SINGLE:
            return singleQuotedString(ss.value, ctx);
          case Scalar.Scalar.PLAIN:
            return plainString(ss, ctx, onComment, onChompKeep);
          default:
            return null;
        }
      };
      let res = _stringify(type);
      if (res === null) {
        const { defaultKeyType, defaultStringType } = ctx.options;
        const t = implicitKey && defaultKeyType || defaultStringType;
        res = _stringify(t);
        if (res === null)
          throw new Error(`Unsupported default string type ${t}`);
      }
      return res;
    }
    exports.stringifyString = stringifyString;
  }
});

// node_modules/yaml/dist/stringify/stringify.js
var require_stringify = __commonJS({
  "node_modules/yaml/dist/stringify/stringify.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var identity = require_identity();
    var stringifyComment = require_stringifyComment();
    var stringifyString = require_stringifyString();
    function createStringifyContext(doc, options) {
      const opt = Object.assign({
        blockQuote: true,
        commentString: stringifyComment.stringifyComment,
        defaultKeyType: null,
        defaultStringType: "PLAIN",
        directives: null,
        doubleQuotedAsJSON: false,
        doubleQuotedMinMultiLineLength: 40,
        falseStr: "false",
        flowCollectionPadding: true,
        indentSeq: true,
        lineWidth: 80,
        minContentWidth: 20,
        nullStr: "null",
        simpleKeys: false,
        singleQuote: null,
        trailingComma: false,
        trueStr: "true",
        verifyAliasOrder: true
      }, doc.schema.toStringOptions, options);
      let inFlow;
      switch (opt.collectionStyle) {
        case "block":
          inFlow = false;
          break;
        case "flow":
          inFlow = true;
          break;
        default:
          inFlow = null;
      }
      return {
        anchors: /* @__PURE__ */ new Set(),
        doc,
        flowCollectionPadding: opt.flowCollectionPadding ? " " : "",
        indent: "",
        indentStep: typeof opt.indent === "number" ? " ".repeat(opt.indent) : "  ",
        inFlow,
        options: opt
      };
    }
    function getTagObject(tags, item) {
      if (item.tag) {
        const match = tags.filter((t) => t.tag === item.tag);
        if (match.length > 0)
          return match.find((t) => t.format === item.format) ?? match[0];
      }
      let tagObj = void 0;
      let obj;
      if (identity.isScalar(item)) {
        obj = item.value;
        let match = tags.filter((t) => t.identify?.(obj));
        if (match.length > 1) {
          const testMatch = match.filter((t) => t.test);
          if (testMatch.length > 0)
            match = testMatch;
        }
        tagObj = match.find((t) => t.format === item.format) ?? match.find((t) => !t.format);
      } else {
        obj = item;
        tagObj = tags.find((t) => t.nodeClass && obj instanceof t.nodeClass);
      }
      if (!tagObj) {
        const name = obj?.constructor?.name ?? (obj === null ? "null" : typeof obj);
        throw new Error(`Tag not resolved for ${name} value`);
      }
      return tagObj;
    }
    function stringifyProps(node, tagObj, { anchors: anchors$1, doc }) {
      if (!doc.directives)
        return "";
      const props = [];
      const anchor = (identity.isScalar(node) || identity.isCollection(node)) && node.anchor;
      if (anchor && anchors.anchorIsValid(anchor)) {
        anchors$1.add(anchor);
        props.push(`&${anchor}`);
      }
      const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
      if (tag)
        props.push(doc.directives.tagString(tag));
      return props.join(" ");
    }
    function stringify(item, ctx, onComment, onChompKeep) {
      if (identity.isPair(item))
        return item.toString(ctx, onComment, onChompKeep);
      if (identity.isAlias(item)) {
        if (ctx.doc.directives)
          return item.toString(ctx);
        if (ctx.resolvedAliases?.has(item)) {
          throw new TypeError(`Cannot stringify circular structure without alias nodes`);
        } else {
          if (ctx.resolvedAliases)
            ctx.resolvedAliases.add(item);
          else
            ctx.resolvedAliases = /* @__PURE__ */ new Set([item]);
          item = item.resolve(ctx.doc);
        }
      }
      let tagObj = void 0;
      const node = identity.isNode(item) ? item : ctx.doc.createNode(item, { onTagObj: (o) => tagObj = o });
      tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
      const props = stringifyProps(node, tagObj, ctx);
      if (props.length > 0)
        ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
      const str = typeof tagObj.stringify === "function" ? tagObj.stringify(node, ctx, onComment, onChompKeep) : identity.isScalar(node) ? stringifyString.stringifyString(node, ctx, onComment, onChompKeep) : node.toString(ctx, onComment, onChompKeep);
      if (!props)
        return str;
      return identity.isScalar(node) || str[0] === "{" || str[0] === "[" ? `${props} ${str}` : `${props}
${ctx.indent}${str}`;
    }
    exports.createStringifyContext = createStringifyContext;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/stringify/stringifyPair.js
var require_stringifyPair = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyPair.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
      const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
      let keyComment = identity.isNode(key) && key.comment || null;
      if (simpleKeys) {
        if (keyComment) {
          throw new Error("With simple keys, key nodes cannot have comments");
        }
        if (identity.isCollection(key) || !identity.isNode(key) && typeof key === "object") {
          const msg = "With simple keys, collection cannot be used as a key value";
          throw new Error(msg);
        }
      }
      let explicitKey = !simpleKeys && (!key || keyComment && value == null && !ctx.inFlow || identity.isCollection(key) || (identity.isScalar(key) ? key.type === Scalar.Scalar.BLOCK_FOLDED || key.type === Scalar.Scalar.BLOCK_LITERAL : typeof key === "object"));
      ctx = Object.assign({}, ctx, {
        allNullValues: false,
        implicitKey: !explicitKey && (simpleKeys || !allNullValues),
        indent: indent + indentStep
      });
      let keyCommentDone = false;
      let chompKeep = false;
      let str = stringify.stringify(key, ctx, () => keyCommentDone = true, () => chompKeep = true);
      if (!explicitKey && !ctx.inFlow && str.length > 1024) {
        if (simpleKeys)
          throw new Error("With simple keys, single line scalar must not span more than 1024 characters");
        explicitKey = true;
      }
      if (ctx.inFlow) {
        if (allNullValues || value == null) {
          if (keyCommentDone && onComment)
            onComment();
          return str === "" ? "?" : explicitKey ? `? ${str}` : str;
        }
      } else if (allNullValues && !simpleKeys || value == null && explicitKey) {
        str = `? ${str}`;
        if (keyComment && !keyCommentDone) {
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        } else if (chompKeep && onChompKeep)
          onChompKeep();
        return str;
      }
      if (keyCommentDone)
        keyComment = null;
      if (explicitKey) {
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        str = `? ${str}
${indent}:`;
      } else {
        str = `${str}:`;
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
      }
      let vsb, vcb, valueComment;
      if (identity.isNode(value)) {
        vsb = !!value.spaceBefore;
        vcb = value.commentBefore;
        valueComment = value.comment;
      } else {
        vsb = false;
        vcb = null;
        valueComment = null;
        if (value && typeof value === "object")
          value = doc.createNode(value);
      }
      ctx.implicitKey = false;
      if (!explicitKey && !keyComment && identity.isScalar(value))
        ctx.indentAtStart = str.length + 1;
      chompKeep = false;
      if (!indentSeq && indentStep.length >= 2 && !ctx.inFlow && !explicitKey && identity.isSeq(value) && !value.flow && !value.tag && !value.anchor) {
        ctx.indent = ctx.indent.substring(2);
      }
      let valueCommentDone = false;
      const valueStr = stringify.stringify(value, ctx, () => valueCommentDone = true, () => chompKeep = true);
      let ws = " ";
      if (keyComment || vsb || vcb) {
        ws = vsb ? "\n" : "";
        if (vcb) {
          const cs = commentString(vcb);
          ws += `
${stringifyComment.indentComment(cs, ctx.indent)}`;
        }
        if (valueStr === "" && !ctx.inFlow) {
          if (ws === "\n" && valueComment)
            ws = "\n\n";
        } else {
          ws += `
${ctx.indent}`;
        }
      } else if (!explicitKey && identity.isCollection(value)) {
        const vs0 = valueStr[0];
        const nl0 = valueStr.indexOf("\n");
        const hasNewline = nl0 !== -1;
        const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
        if (hasNewline || !flow) {
          let hasPropsLine = false;
          if (hasNewline && (vs0 === "&" || vs0 === "!")) {
            let sp0 = valueStr.indexOf(" ");
            if (vs0 === "&" && sp0 !== -1 && sp0 < nl0 && valueStr[sp0 + 1] === "!") {
              sp0 = valueStr.indexOf(" ", sp0 + 1);
            }
            if (sp0 === -1 || nl0 < sp0)
              hasPropsLine = true;
          }
          if (!hasPropsLine)
            ws = `
${ctx.indent}`;
        }
      } else if (valueStr === "" || valueStr[0] === "\n") {
        ws = "";
      }
      str += ws + valueStr;
      if (ctx.inFlow) {
        if (valueCommentDone && onComment)
          onComment();
      } else if (valueComment && !valueCommentDone) {
        str += stringifyComment.lineComment(str, ctx.indent, commentString(valueComment));
      } else if (chompKeep && onChompKeep) {
        onChompKeep();
      }
      return str;
    }
    exports.stringifyPair = stringifyPair;
  }
});

// node_modules/yaml/dist/log.js
var require_log = __commonJS({
  "node_modules/yaml/dist/log.js"(exports) {
    "use strict";
    var node_process = __require("process");
    function debug(logLevel, ...messages) {
      if (logLevel === "debug")
        console.log(...messages);
    }
    function warn(logLevel, warning) {
      if (logLevel === "debug" || logLevel === "warn") {
        if (typeof node_process.emitWarning === "function")
          node_process.emitWarning(warning);
        else
          console.warn(warning);
      }
    }
    exports.debug = debug;
    exports.warn = warn;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/merge.js
var require_merge = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/merge.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var MERGE_KEY = "<<";
    var merge = {
      identify: (value) => value === MERGE_KEY || typeof value === "symbol" && value.description === MERGE_KEY,
      default: "key",
      tag: "tag:yaml.org,2002:merge",
      test: /^<<$/,
      resolve: () => Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)), {
        addToJSMap: addMergeToJSMap
      }),
      stringify: () => MERGE_KEY
    };
    var isMergeKey = (ctx, key) => (merge.identify(key) || identity.isScalar(key) && (!key.type || key.type === Scalar.Scalar.PLAIN) && merge.identify(key.value)) && ctx?.doc.schema.tags.some((tag) => tag.tag === merge.tag && tag.default);
    function addMergeToJSMap(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (identity.isSeq(source))
        for (const it of source.items)
          mergeValue(ctx, map, it);
      else if (Array.isArray(source))
        for (const it of source)
          mergeValue(ctx, map, it);
      else
        mergeValue(ctx, map, source);
    }
    function mergeValue(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (!identity.isMap(source))
        throw new Error("Merge sources must be maps or map aliases");
      const srcMap = source.toJSON(null, ctx, Map);
      for (const [key, value2] of srcMap) {
        if (map instanceof Map) {
          if (!map.has(key))
            map.set(key, value2);
        } else if (map instanceof Set) {
          map.add(key);
        } else if (!Object.prototype.hasOwnProperty.call(map, key)) {
          Object.defineProperty(map, key, {
            value: value2,
            writable: true,
            enumerable: true,
            configurable: true
          });
        }
      }
      return map;
    }
    function resolveAliasValue(ctx, value) {
      return ctx && identity.isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
    }
    exports.addMergeToJSMap = addMergeToJSMap;
    exports.isMergeKey = isMergeKey;
    exports.merge = merge;
  }
});

// node_modules/yaml/dist/nodes/addPairToJSMap.js
var require_addPairToJSMap = __commonJS({
  "node_modules/yaml/dist/nodes/addPairToJSMap.js"(exports) {
    "use strict";
    var log = require_log();
    var merge = require_merge();
    var stringify = require_stringify();
    var identity = require_identity();
    var toJS = require_toJS();
    function addPairToJSMap(ctx, map, { key, value }) {
      if (identity.isNode(key) && key.addToJSMap)
        key.addToJSMap(ctx, map, value);
      else if (merge.isMergeKey(ctx, key))
        merge.addMergeToJSMap(ctx, map, value);
      else {
        const jsKey = toJS.toJS(key, "", ctx);
        if (map instanceof Map) {
          map.set(jsKey, toJS.toJS(value, jsKey, ctx));
        } else if (map instanceof Set) {
          map.add(jsKey);
        } else {
          const stringKey = stringifyKey(key, jsKey, ctx);
          const jsValue = toJS.toJS(value, stringKey, ctx);
          if (stringKey in map)
            Object.defineProperty(map, stringKey, {
              value: jsValue,
              writable: true,
              enumerable: true,
              configurable: true
            });
          else
            map[stringKey] = jsValue;
        }
      }
      return map;
    }
    function stringifyKey(key, jsKey, ctx) {
      if (jsKey === null)
        return "";
      if (typeof jsKey !== "object")
        return String(jsKey);
      if (identity.isNode(key) && ctx?.doc) {
        const strCtx = stringify.createStringifyContext(ctx.doc, {});
        strCtx.anchors = /* @__PURE__ */ new Set();
        for (const node of ctx.anchors.keys())
          strCtx.anchors.add(node.anchor);
        strCtx.inFlow = true;
        strCtx.inStringifyKey = true;
        const strKey = key.toString(strCtx);
        if (!ctx.mapKeyWarned) {
          let jsonStr = JSON.stringify(strKey);
          if (jsonStr.length > 40)
            jsonStr = jsonStr.substring(0, 36) + '..."';
          log.warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
          ctx.mapKeyWarned = true;
        }
        return strKey;
      }
      return JSON.stringify(jsKey);
    }
    exports.addPairToJSMap = addPairToJSMap;
  }
});

// node_modules/yaml/dist/nodes/Pair.js
var require_Pair = __commonJS({
  "node_modules/yaml/dist/nodes/Pair.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var stringifyPair = require_stringifyPair();
    var addPairToJSMap = require_addPairToJSMap();
    var identity = require_identity();
    function createPair(key, value, ctx) {
      const k = createNode.createNode(key, void 0, ctx);
      const v = createNode.createNode(value, void 0, ctx);
      return new Pair(k, v);
    }
    var Pair = class _Pair {
      constructor(key, value = null) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.PAIR });
        this.key = key;
        this.value = value;
      }
      clone(schema) {
        let { key, value } = this;
        if (identity.isNode(key))
          key = key.clone(schema);
        if (identity.isNode(value))
          value = value.clone(schema);
        return new _Pair(key, value);
      }
      toJSON(_, ctx) {
        const pair = ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        return addPairToJSMap.addPairToJSMap(ctx, pair, this);
      }
      toString(ctx, onComment, onChompKeep) {
        return ctx?.doc ? stringifyPair.stringifyPair(this, ctx, onComment, onChompKeep) : JSON.stringify(this);
      }
    };
    exports.Pair = Pair;
    exports.createPair = createPair;
  }
});

// node_modules/yaml/dist/stringify/stringifyCollection.js
var require_stringifyCollection = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyCollection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyCollection(collection, ctx, options) {
      const flow = ctx.inFlow ?? collection.flow;
      const stringify2 = flow ? stringifyFlowCollection : stringifyBlockCollection;
      return stringify2(collection, ctx, options);
    }
    function stringifyBlockCollection({ comment, items }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
      const { indent, options: { commentString } } = ctx;
      const itemCtx = Object.assign({}, ctx, { indent: itemIndent, type: null });
      let chompKeep = false;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment2 = null;
        if (identity.isNode(item)) {
          if (!chompKeep && item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, chompKeep);
          if (item.comment)
            comment2 = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (!chompKeep && ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, chompKeep);
          }
        }
        chompKeep = false;
        let str2 = stringify.stringify(item, itemCtx, () => comment2 = null, () => chompKeep = true);
        if (comment2)
          str2 += stringifyComment.lineComment(str2, itemIndent, commentString(comment2));
        if (chompKeep && comment2)
          chompKeep = false;
        lines.push(blockItemPrefix + str2);
      }
      let str;
      if (lines.length === 0) {
        str = flowChars.start + flowChars.end;
      } else {
        str = lines[0];
        for (let i = 1; i < lines.length; ++i) {
          const line = lines[i];
          str += line ? `
${indent}${line}` : "\n";
        }
      }
      if (comment) {
        str += "\n" + stringifyComment.indentComment(commentString(comment), indent);
        if (onComment)
          onComment();
      } else if (chompKeep && onChompKeep)
        onChompKeep();
      return str;
    }
    function stringifyFlowCollection({ items }, ctx, { flowChars, itemIndent }) {
      const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
      itemIndent += indentStep;
      const itemCtx = Object.assign({}, ctx, {
        indent: itemIndent,
        inFlow: true,
        type: null
      });
      let reqNewline = false;
      let linesAtValue = 0;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment = null;
        if (identity.isNode(item)) {
          if (item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, false);
          if (item.comment)
            comment = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, false);
            if (ik.comment)
              reqNewline = true;
          }
          const iv = identity.isNode(item.value) ? item.value : null;
          if (iv) {
            if (iv.comment)
              comment = iv.comment;
            if (iv.commentBefore)
              reqNewline = true;
          } else if (item.value == null && ik?.comment) {
            comment = ik.comment;
          }
        }
        if (comment)
          reqNewline = true;
        let str = stringify.stringify(item, itemCtx, () => comment = null);
        reqNewline || (reqNewline = lines.length > linesAtValue || str.includes("\n"));
        if (i < items.length - 1) {
          str += ",";
        } else if (ctx.options.trailingComma) {
          if (ctx.options.lineWidth > 0) {
            reqNewline || (reqNewline = lines.reduce((sum, line) => sum + line.length + 2, 2) + (str.length + 2) > ctx.options.lineWidth);
          }
          if (reqNewline) {
            str += ",";
          }
        }
        if (comment)
          str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
        lines.push(str);
        linesAtValue = lines.length;
      }
      const { start, end } = flowChars;
      if (lines.length === 0) {
        return start + end;
      } else {
        if (!reqNewline) {
          const len = lines.reduce((sum, line) => sum + line.length + 2, 2);
          reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
        }
        if (reqNewline) {
          let str = start;
          for (const line of lines)
            str += line ? `
${indentStep}${indent}${line}` : "\n";
          return `${str}
${indent}${end}`;
        } else {
          return `${start}${fcPadding}${lines.join(" ")}${fcPadding}${end}`;
        }
      }
    }
    function addCommentBefore({ indent, options: { commentString } }, lines, comment, chompKeep) {
      if (comment && chompKeep)
        comment = comment.replace(/^\n+/, "");
      if (comment) {
        const ic = stringifyComment.indentComment(commentString(comment), indent);
        lines.push(ic.trimStart());
      }
    }
    exports.stringifyCollection = stringifyCollection;
  }
});

// node_modules/yaml/dist/nodes/YAMLMap.js
var require_YAMLMap = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLMap.js"(exports) {
    "use strict";
    var stringifyCollection = require_stringifyCollection();
    var addPairToJSMap = require_addPairToJSMap();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    function findPair(items, key) {
      const k = identity.isScalar(key) ? key.value : key;
      for (const it of items) {
        if (identity.isPair(it)) {
          if (it.key === key || it.key === k)
            return it;
          if (identity.isScalar(it.key) && it.key.value === k)
            return it;
        }
      }
      return void 0;
    }
    var YAMLMap = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:map";
      }
      constructor(schema) {
        super(identity.MAP, schema);
        this.items = [];
      }
      /**
       * A generic collection parsing method that can be extended
       * to other node classes that inherit from YAMLMap
       */
      static from(schema, obj, ctx) {
        const { keepUndefined, replacer } = ctx;
        const map = new this(schema);
        const add = (key, value) => {
          if (typeof replacer === "function")
            value = replacer.call(obj, key, value);
          else if (Array.isArray(replacer) && !replacer.includes(key))
            return;
          if (value !== void 0 || keepUndefined)
            map.items.push(Pair.createPair(key, value, ctx));
        };
        if (obj instanceof Map) {
          for (const [key, value] of obj)
            add(key, value);
        } else if (obj && typeof obj === "object") {
          for (const key of Object.keys(obj))
            add(key, obj[key]);
        }
        if (typeof schema.sortMapEntries === "function") {
          map.items.sort(schema.sortMapEntries);
        }
        return map;
      }
      /**
       * Adds a value to the collection.
       *
       * @param overwrite - If not set `true`, using a key that is already in the
       *   collection will throw. Otherwise, overwrites the previous value.
       */
      add(pair, overwrite) {
        let _pair;
        if (identity.isPair(pair))
          _pair = pair;
        else if (!pair || typeof pair !== "object" || !("key" in pair)) {
          _pair = new Pair.Pair(pair, pair?.value);
        } else
          _pair = new Pair.Pair(pair.key, pair.value);
        const prev = findPair(this.items, _pair.key);
        const sortEntries = this.schema?.sortMapEntries;
        if (prev) {
          if (!overwrite)
            throw new Error(`Key ${_pair.key} already set`);
          if (identity.isScalar(prev.value) && Scalar.isScalarValue(_pair.value))
            prev.value.value = _pair.value;
          else
            prev.value = _pair.value;
        } else if (sortEntries) {
          const i = this.items.findIndex((item) => sortEntries(_pair, item) < 0);
          if (i === -1)
            this.items.push(_pair);
          else
            this.items.splice(i, 0, _pair);
        } else {
          this.items.push(_pair);
        }
      }
      delete(key) {
        const it = findPair(this.items, key);
        if (!it)
          return false;
        const del = this.items.splice(this.items.indexOf(it), 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const it = findPair(this.items, key);
        const node = it?.value;
        return (!keepScalar && identity.isScalar(node) ? node.value : node) ?? void 0;
      }
      has(key) {
        return !!findPair(this.items, key);
      }
      set(key, value) {
        this.add(new Pair.Pair(key, value), true);
      }
      /**
       * @param ctx - Conversion context, originally set in Document#toJS()
       * @param {Class} Type - If set, forces the returned collection type
       * @returns Instance of Type, Map, or Object
       */
      toJSON(_, ctx, Type) {
        const map = Type ? new Type() : ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const item of this.items)
          addPairToJSMap.addPairToJSMap(ctx, map, item);
        return map;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        for (const item of this.items) {
          if (!identity.isPair(item))
            throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
        }
        if (!ctx.allNullValues && this.hasAllNullValues(false))
          ctx = Object.assign({}, ctx, { allNullValues: true });
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "",
          flowChars: { start: "{", end: "}" },
          itemIndent: ctx.indent || "",
          onChompKeep,
          onComment
        });
      }
    };
    exports.YAMLMap = YAMLMap;
    exports.findPair = findPair;
  }
});

// node_modules/yaml/dist/schema/common/map.js
var require_map = __commonJS({
  "node_modules/yaml/dist/schema/common/map.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLMap = require_YAMLMap();
    var map = {
      collection: "map",
      default: true,
      nodeClass: YAMLMap.YAMLMap,
      tag: "tag:yaml.org,2002:map",
      resolve(map2, onError) {
        if (!identity.isMap(map2))
          onError("Expected a mapping for this tag");
        return map2;
      },
      createNode: (schema, obj, ctx) => YAMLMap.YAMLMap.from(schema, obj, ctx)
    };
    exports.map = map;
  }
});

// node_modules/yaml/dist/nodes/YAMLSeq.js
var require_YAMLSeq = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLSeq.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var stringifyCollection = require_stringifyCollection();
    var Collection = require_Collection();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var toJS = require_toJS();
    var YAMLSeq = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:seq";
      }
      constructor(schema) {
        super(identity.SEQ, schema);
        this.items = [];
      }
      add(value) {
        this.items.push(value);
      }
      /**
       * Removes a value from the collection.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       *
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return false;
        const del = this.items.splice(idx, 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return void 0;
        const it = this.items[idx];
        return !keepScalar && identity.isScalar(it) ? it.value : it;
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       */
      has(key) {
        const idx = asItemIndex(key);
        return typeof idx === "number" && idx < this.items.length;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       *
       * If `key` does not contain a representation of an integer, this will throw.
       * It may be wrapped in a `Scalar`.
       */
      set(key, value) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          throw new Error(`Expected a valid index, not ${key}.`);
        const prev = this.items[idx];
        if (identity.isScalar(prev) && Scalar.isScalarValue(value))
          prev.value = value;
        else
          this.items[idx] = value;
      }
      toJSON(_, ctx) {
        const seq = [];
        if (ctx?.onCreate)
          ctx.onCreate(seq);
        let i = 0;
        for (const item of this.items)
          seq.push(toJS.toJS(item, String(i++), ctx));
        return seq;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "- ",
          flowChars: { start: "[", end: "]" },
          itemIndent: (ctx.indent || "") + "  ",
          onChompKeep,
          onComment
        });
      }
      static from(schema, obj, ctx) {
        const { replacer } = ctx;
        const seq = new this(schema);
        if (obj && Symbol.iterator in Object(obj)) {
          let i = 0;
          for (let it of obj) {
            if (typeof replacer === "function") {
              const key = obj instanceof Set ? it : String(i++);
              it = replacer.call(obj, key, it);
            }
            seq.items.push(createNode.createNode(it, void 0, ctx));
          }
        }
        return seq;
      }
    };
    function asItemIndex(key) {
      let idx = identity.isScalar(key) ? key.value : key;
      if (idx && typeof idx === "string")
        idx = Number(idx);
      return typeof idx === "number" && Number.isInteger(idx) && idx >= 0 ? idx : null;
    }
    exports.YAMLSeq = YAMLSeq;
  }
});

// node_modules/yaml/dist/schema/common/seq.js
var require_seq = __commonJS({
  "node_modules/yaml/dist/schema/common/seq.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLSeq = require_YAMLSeq();
    var seq = {
      collection: "seq",
      default: true,
      nodeClass: YAMLSeq.YAMLSeq,
      tag: "tag:yaml.org,2002:seq",
      resolve(seq2, onError) {
        if (!identity.isSeq(seq2))
          onError("Expected a sequence for this tag");
        return seq2;
      },
      createNode: (schema, obj, ctx) => YAMLSeq.YAMLSeq.from(schema, obj, ctx)
    };
    exports.seq = seq;
  }
});

// node_modules/yaml/dist/schema/common/string.js
var require_string = __commonJS({
  "node_modules/yaml/dist/schema/common/string.js"(exports) {
    "use strict";
    var stringifyString = require_stringifyString();
    var string2 = {
      identify: (value) => typeof value === "string",
      default: true,
      tag: "tag:yaml.org,2002:str",
      resolve: (str) => str,
      stringify(item, ctx, onComment, onChompKeep) {
        ctx = Object.assign({ actualString: true }, ctx);
        return stringifyString.stringifyString(item, ctx, onComment, onChompKeep);
      }
    };
    exports.string = string2;
  }
});

// node_modules/yaml/dist/schema/common/null.js
var require_null = __commonJS({
  "node_modules/yaml/dist/schema/common/null.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var nullTag = {
      identify: (value) => value == null,
      createNode: () => new Scalar.Scalar(null),
      default: true,
      tag: "tag:yaml.org,2002:null",
      test: /^(?:~|[Nn]ull|NULL)?$/,
      resolve: () => new Scalar.Scalar(null),
      stringify: ({ source }, ctx) => typeof source === "string" && nullTag.test.test(source) ? source : ctx.options.nullStr
    };
    exports.nullTag = nullTag;
  }
});

// node_modules/yaml/dist/schema/core/bool.js
var require_bool = __commonJS({
  "node_modules/yaml/dist/schema/core/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var boolTag = {
      identify: (value) => typeof value === "boolean",
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
      resolve: (str) => new Scalar.Scalar(str[0] === "t" || str[0] === "T"),
      stringify({ source, value }, ctx) {
        if (source && boolTag.test.test(source)) {
          const sv = source[0] === "t" || source[0] === "T";
          if (value === sv)
            return source;
        }
        return value ? ctx.options.trueStr : ctx.options.falseStr;
      }
    };
    exports.boolTag = boolTag;
  }
});

// node_modules/yaml/dist/stringify/stringifyNumber.js
var require_stringifyNumber = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyNumber.js"(exports) {
    "use strict";
    function stringifyNumber({ format, minFractionDigits, tag, value }) {
      if (typeof value === "bigint")
        return String(value);
      const num = typeof value === "number" ? value : Number(value);
      if (!isFinite(num))
        return isNaN(num) ? ".nan" : num < 0 ? "-.inf" : ".inf";
      let n = Object.is(value, -0) ? "-0" : JSON.stringify(value);
      if (!format && minFractionDigits && (!tag || tag === "tag:yaml.org,2002:float") && /^-?\d/.test(n) && !n.includes("e")) {
        let i = n.indexOf(".");
        if (i < 0) {
          i = n.length;
          n += ".";
        }
        let d = minFractionDigits - (n.length - i - 1);
        while (d-- > 0)
          n += "0";
      }
      return n;
    }
    exports.stringifyNumber = stringifyNumber;
  }
});

// node_modules/yaml/dist/schema/core/float.js
var require_float = __commonJS({
  "node_modules/yaml/dist/schema/core/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str));
        const dot = str.indexOf(".");
        if (dot !== -1 && str[str.length - 1] === "0")
          node.minFractionDigits = str.length - dot - 1;
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/core/int.js
var require_int = __commonJS({
  "node_modules/yaml/dist/schema/core/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    var intResolve = (str, offset, radix, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str.substring(offset), radix);
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value) && value >= 0)
        return prefix + value.toString(radix);
      return stringifyNumber.stringifyNumber(node);
    }
    var intOct = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^0o[0-7]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 8, opt),
      stringify: (node) => intStringify(node, 8, "0o")
    };
    var int2 = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^0x[0-9a-fA-F]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports.int = int2;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/core/schema.js
var require_schema = __commonJS({
  "node_modules/yaml/dist/schema/core/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string2 = require_string();
    var bool = require_bool();
    var float = require_float();
    var int2 = require_int();
    var schema = [
      map.map,
      seq.seq,
      string2.string,
      _null.nullTag,
      bool.boolTag,
      int2.intOct,
      int2.int,
      int2.intHex,
      float.floatNaN,
      float.floatExp,
      float.float
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/json/schema.js
var require_schema2 = __commonJS({
  "node_modules/yaml/dist/schema/json/schema.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var map = require_map();
    var seq = require_seq();
    function intIdentify(value) {
      return typeof value === "bigint" || Number.isInteger(value);
    }
    var stringifyJSON = ({ value }) => JSON.stringify(value);
    var jsonScalars = [
      {
        identify: (value) => typeof value === "string",
        default: true,
        tag: "tag:yaml.org,2002:str",
        resolve: (str) => str,
        stringify: stringifyJSON
      },
      {
        identify: (value) => value == null,
        createNode: () => new Scalar.Scalar(null),
        default: true,
        tag: "tag:yaml.org,2002:null",
        test: /^null$/,
        resolve: () => null,
        stringify: stringifyJSON
      },
      {
        identify: (value) => typeof value === "boolean",
        default: true,
        tag: "tag:yaml.org,2002:bool",
        test: /^true$|^false$/,
        resolve: (str) => str === "true",
        stringify: stringifyJSON
      },
      {
        identify: intIdentify,
        default: true,
        tag: "tag:yaml.org,2002:int",
        test: /^-?(?:0|[1-9][0-9]*)$/,
        resolve: (str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10),
        stringify: ({ value }) => intIdentify(value) ? value.toString() : JSON.stringify(value)
      },
      {
        identify: (value) => typeof value === "number",
        default: true,
        tag: "tag:yaml.org,2002:float",
        test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
        resolve: (str) => parseFloat(str),
        stringify: stringifyJSON
      }
    ];
    var jsonError = {
      default: true,
      tag: "",
      test: /^/,
      resolve(str, onError) {
        onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
        return str;
      }
    };
    var schema = [map.map, seq.seq].concat(jsonScalars, jsonError);
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/binary.js
var require_binary = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/binary.js"(exports) {
    "use strict";
    var node_buffer = __require("buffer");
    var Scalar = require_Scalar();
    var stringifyString = require_stringifyString();
    var binary = {
      identify: (value) => value instanceof Uint8Array,
      // Buffer inherits from Uint8Array
      default: false,
      tag: "tag:yaml.org,2002:binary",
      /**
       * Returns a Buffer in node and an Uint8Array in browsers
       *
       * To use the resulting buffer as an image, you'll want to do something like:
       *
       *   const blob = new Blob([buffer], { type: 'image/jpeg' })
       *   document.querySelector('#photo').src = URL.createObjectURL(blob)
       */
      resolve(src, onError) {
        if (typeof node_buffer.Buffer === "function") {
          return node_buffer.Buffer.from(src, "base64");
        } else if (typeof atob === "function") {
          const str = atob(src.replace(/[\n\r]/g, ""));
          const buffer = new Uint8Array(str.length);
          for (let i = 0; i < str.length; ++i)
            buffer[i] = str.charCodeAt(i);
          return buffer;
        } else {
          onError("This environment does not support reading binary tags; either Buffer or atob is required");
          return src;
        }
      },
      stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
        if (!value)
          return "";
        const buf = value;
        let str;
        if (typeof node_buffer.Buffer === "function") {
          str = buf instanceof node_buffer.Buffer ? buf.toString("base64") : node_buffer.Buffer.from(buf.buffer).toString("base64");
        } else if (typeof btoa === "function") {
          let s = "";
          for (let i = 0; i < buf.length; ++i)
            s += String.fromCharCode(buf[i]);
          str = btoa(s);
        } else {
          throw new Error("This environment does not support writing binary tags; either Buffer or btoa is required");
        }
        type ?? (type = Scalar.Scalar.BLOCK_LITERAL);
        if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
          const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
          const n = Math.ceil(str.length / lineWidth);
          const lines = new Array(n);
          for (let i = 0, o = 0; i < n; ++i, o += lineWidth) {
            lines[i] = str.substr(o, lineWidth);
          }
          str = lines.join(type === Scalar.Scalar.BLOCK_LITERAL ? "\n" : " ");
        }
        return stringifyString.stringifyString({ comment, type, value: str }, ctx, onComment, onChompKeep);
      }
    };
    exports.binary = binary;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/pairs.js
var require_pairs = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/pairs.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLSeq = require_YAMLSeq();
    function resolvePairs(seq, onError) {
      if (identity.isSeq(seq)) {
        for (let i = 0; i < seq.items.length; ++i) {
          let item = seq.items[i];
          if (identity.isPair(item))
            continue;
          else if (identity.isMap(item)) {
            if (item.items.length > 1)
              onError("Each pair must have its own sequence indicator");
            const pair = item.items[0] || new Pair.Pair(new Scalar.Scalar(null));
            if (item.commentBefore)
              pair.key.commentBefore = pair.key.commentBefore ? `${item.commentBefore}
${pair.key.commentBefore}` : item.commentBefore;
            if (item.comment) {
              const cn = pair.value ?? pair.key;
              cn.comment = cn.comment ? `${item.comment}
${cn.comment}` : item.comment;
            }
            item = pair;
          }
          seq.items[i] = identity.isPair(item) ? item : new Pair.Pair(item);
        }
      } else
        onError("Expected a sequence for this tag");
      return seq;
    }
    function createPairs(schema, iterable, ctx) {
      const { replacer } = ctx;
      const pairs2 = new YAMLSeq.YAMLSeq(schema);
      pairs2.tag = "tag:yaml.org,2002:pairs";
      let i = 0;
      if (iterable && Symbol.iterator in Object(iterable))
        for (let it of iterable) {
          if (typeof replacer === "function")
            it = replacer.call(iterable, String(i++), it);
          let key, value;
          if (Array.isArray(it)) {
            if (it.length === 2) {
              key = it[0];
              value = it[1];
            } else
              throw new TypeError(`Expected [key, value] tuple: ${it}`);
          } else if (it && it instanceof Object) {
            const keys = Object.keys(it);
            if (keys.length === 1) {
              key = keys[0];
              value = it[key];
            } else {
              throw new TypeError(`Expected tuple with one key, not ${keys.length} keys`);
            }
          } else {
            key = it;
          }
          pairs2.items.push(Pair.createPair(key, value, ctx));
        }
      return pairs2;
    }
    var pairs = {
      collection: "seq",
      default: false,
      tag: "tag:yaml.org,2002:pairs",
      resolve: resolvePairs,
      createNode: createPairs
    };
    exports.createPairs = createPairs;
    exports.pairs = pairs;
    exports.resolvePairs = resolvePairs;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/omap.js
var require_omap = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/omap.js"(exports) {
    "use strict";
    var identity = require_identity();
    var toJS = require_toJS();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var pairs = require_pairs();
    var YAMLOMap = class _YAMLOMap extends YAMLSeq.YAMLSeq {
      constructor() {
        super();
        this.add = YAMLMap.YAMLMap.prototype.add.bind(this);
        this.delete = YAMLMap.YAMLMap.prototype.delete.bind(this);
        this.get = YAMLMap.YAMLMap.prototype.get.bind(this);
        this.has = YAMLMap.YAMLMap.prototype.has.bind(this);
        this.set = YAMLMap.YAMLMap.prototype.set.bind(this);
        this.tag = _YAMLOMap.tag;
      }
      /**
       * If `ctx` is given, the return type is actually `Map<unknown, unknown>`,
       * but TypeScript won't allow widening the signature of a child method.
       */
      toJSON(_, ctx) {
        if (!ctx)
          return super.toJSON(_);
        const map = /* @__PURE__ */ new Map();
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const pair of this.items) {
          let key, value;
          if (identity.isPair(pair)) {
            key = toJS.toJS(pair.key, "", ctx);
            value = toJS.toJS(pair.value, key, ctx);
          } else {
            key = toJS.toJS(pair, "", ctx);
          }
          if (map.has(key))
            throw new Error("Ordered maps must not include duplicate keys");
          map.set(key, value);
        }
        return map;
      }
      static from(schema, iterable, ctx) {
        const pairs$1 = pairs.createPairs(schema, iterable, ctx);
        const omap2 = new this();
        omap2.items = pairs$1.items;
        return omap2;
      }
    };
    YAMLOMap.tag = "tag:yaml.org,2002:omap";
    var omap = {
      collection: "seq",
      identify: (value) => value instanceof Map,
      nodeClass: YAMLOMap,
      default: false,
      tag: "tag:yaml.org,2002:omap",
      resolve(seq, onError) {
        const pairs$1 = pairs.resolvePairs(seq, onError);
        const seenKeys = [];
        for (const { key } of pairs$1.items) {
          if (identity.isScalar(key)) {
            if (seenKeys.includes(key.value)) {
              onError(`Ordered maps must not include duplicate keys: ${key.value}`);
            } else {
              seenKeys.push(key.value);
            }
          }
        }
        return Object.assign(new YAMLOMap(), pairs$1);
      },
      createNode: (schema, iterable, ctx) => YAMLOMap.from(schema, iterable, ctx)
    };
    exports.YAMLOMap = YAMLOMap;
    exports.omap = omap;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/bool.js
var require_bool2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function boolStringify({ value, source }, ctx) {
      const boolObj = value ? trueTag : falseTag;
      if (source && boolObj.test.test(source))
        return source;
      return value ? ctx.options.trueStr : ctx.options.falseStr;
    }
    var trueTag = {
      identify: (value) => value === true,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
      resolve: () => new Scalar.Scalar(true),
      stringify: boolStringify
    };
    var falseTag = {
      identify: (value) => value === false,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
      resolve: () => new Scalar.Scalar(false),
      stringify: boolStringify
    };
    exports.falseTag = falseTag;
    exports.trueTag = trueTag;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/float.js
var require_float2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str.replace(/_/g, "")),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str.replace(/_/g, "")));
        const dot = str.indexOf(".");
        if (dot !== -1) {
          const f = str.substring(dot + 1).replace(/_/g, "");
          if (f[f.length - 1] === "0")
            node.minFractionDigits = f.length;
        }
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/int.js
var require_int2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    function intResolve(str, offset, radix, { intAsBigInt }) {
      const sign = str[0];
      if (sign === "-" || sign === "+")
        offset += 1;
      str = str.substring(offset).replace(/_/g, "");
      if (intAsBigInt) {
        switch (radix) {
          case 2:
            str = `0b${str}`;
            break;
          case 8:
            str = `0o${str}`;
            break;
          case 16:
            str = `0x${str}`;
            break;
        }
        const n2 = BigInt(str);
        return sign === "-" ? BigInt(-1) * n2 : n2;
      }
      const n = parseInt(str, radix);
      return sign === "-" ? -1 * n : n;
    }
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value)) {
        const str = value.toString(radix);
        return value < 0 ? "-" + prefix + str.substr(1) : prefix + str;
      }
      return stringifyNumber.stringifyNumber(node);
    }
    var intBin = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "BIN",
      test: /^[-+]?0b[0-1_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 2, opt),
      stringify: (node) => intStringify(node, 2, "0b")
    };
    var intOct = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^[-+]?0[0-7_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 1, 8, opt),
      stringify: (node) => intStringify(node, 8, "0")
    };
    var int2 = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9][0-9_]*$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^[-+]?0x[0-9a-fA-F_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports.int = int2;
    exports.intBin = intBin;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/set.js
var require_set = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/set.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSet = class _YAMLSet extends YAMLMap.YAMLMap {
      constructor(schema) {
        super(schema);
        this.tag = _YAMLSet.tag;
      }
      add(key) {
        let pair;
        if (identity.isPair(key))
          pair = key;
        else if (key && typeof key === "object" && "key" in key && "value" in key && key.value === null)
          pair = new Pair.Pair(key.key, null);
        else
          pair = new Pair.Pair(key, null);
        const prev = YAMLMap.findPair(this.items, pair.key);
        if (!prev)
          this.items.push(pair);
      }
      /**
       * If `keepPair` is `true`, returns the Pair matching `key`.
       * Otherwise, returns the value of that Pair's key.
       */
      get(key, keepPair) {
        const pair = YAMLMap.findPair(this.items, key);
        return !keepPair && identity.isPair(pair) ? identity.isScalar(pair.key) ? pair.key.value : pair.key : pair;
      }
      set(key, value) {
        if (typeof value !== "boolean")
          throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
        const prev = YAMLMap.findPair(this.items, key);
        if (prev && !value) {
          this.items.splice(this.items.indexOf(prev), 1);
        } else if (!prev && value) {
          this.items.push(new Pair.Pair(key));
        }
      }
      toJSON(_, ctx) {
        return super.toJSON(_, ctx, Set);
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        if (this.hasAllNullValues(true))
          return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
        else
          throw new Error("Set items must all have null values");
      }
      static from(schema, iterable, ctx) {
        const { replacer } = ctx;
        const set2 = new this(schema);
        if (iterable && Symbol.iterator in Object(iterable))
          for (let value of iterable) {
            if (typeof replacer === "function")
              value = replacer.call(iterable, value, value);
            set2.items.push(Pair.createPair(value, null, ctx));
          }
        return set2;
      }
    };
    YAMLSet.tag = "tag:yaml.org,2002:set";
    var set = {
      collection: "map",
      identify: (value) => value instanceof Set,
      nodeClass: YAMLSet,
      default: false,
      tag: "tag:yaml.org,2002:set",
      createNode: (schema, iterable, ctx) => YAMLSet.from(schema, iterable, ctx),
      resolve(map, onError) {
        if (identity.isMap(map)) {
          if (map.hasAllNullValues(true))
            return Object.assign(new YAMLSet(), map);
          else
            onError("Set items must all have null values");
        } else
          onError("Expected a mapping for this tag");
        return map;
      }
    };
    exports.YAMLSet = YAMLSet;
    exports.set = set;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/timestamp.js
var require_timestamp = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/timestamp.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    function parseSexagesimal(str, asBigInt) {
      const sign = str[0];
      const parts = sign === "-" || sign === "+" ? str.substring(1) : str;
      const num = (n) => asBigInt ? BigInt(n) : Number(n);
      const res = parts.replace(/_/g, "").split(":").reduce((res2, p) => res2 * num(60) + num(p), num(0));
      return sign === "-" ? num(-1) * res : res;
    }
    function stringifySexagesimal(node) {
      let { value } = node;
      let num = (n) => n;
      if (typeof value === "bigint")
        num = (n) => BigInt(n);
      else if (isNaN(value) || !isFinite(value))
        return stringifyNumber.stringifyNumber(node);
      let sign = "";
      if (value < 0) {
        sign = "-";
        value *= num(-1);
      }
      const _60 = num(60);
      const parts = [value % _60];
      if (value < 60) {
        parts.unshift(0);
      } else {
        value = (value - parts[0]) / _60;
        parts.unshift(value % _60);
        if (value >= 60) {
          value = (value - parts[0]) / _60;
          parts.unshift(value);
        }
      }
      return sign + parts.map((n) => String(n).padStart(2, "0")).join(":").replace(/000000\d*$/, "");
    }
    var intTime = {
      identify: (value) => typeof value === "bigint" || Number.isInteger(value),
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
      resolve: (str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt),
      stringify: stringifySexagesimal
    };
    var floatTime = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
      resolve: (str) => parseSexagesimal(str, false),
      stringify: stringifySexagesimal
    };
    var timestamp = {
      identify: (value) => value instanceof Date,
      default: true,
      tag: "tag:yaml.org,2002:timestamp",
      // If the time zone is omitted, the timestamp is assumed to be specified in UTC. The time part
      // may be omitted altogether, resulting in a date format. In such a case, the time part is
      // assumed to be 00:00:00Z (start of day, UTC).
      test: RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),
      resolve(str) {
        const match = str.match(timestamp.test);
        if (!match)
          throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");
        const [, year, month, day, hour, minute, second] = match.map(Number);
        const millisec = match[7] ? Number((match[7] + "00").substr(1, 3)) : 0;
        let date = Date.UTC(year, month - 1, day, hour || 0, minute || 0, second || 0, millisec);
        const tz = match[8];
        if (tz && tz !== "Z") {
          let d = parseSexagesimal(tz, false);
          if (Math.abs(d) < 30)
            d *= 60;
          date -= 6e4 * d;
        }
        return new Date(date);
      },
      stringify: ({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, "") ?? ""
    };
    exports.floatTime = floatTime;
    exports.intTime = intTime;
    exports.timestamp = timestamp;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/schema.js
var require_schema3 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string2 = require_string();
    var binary = require_binary();
    var bool = require_bool2();
    var float = require_float2();
    var int2 = require_int2();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var set = require_set();
    var timestamp = require_timestamp();
    var schema = [
      map.map,
      seq.seq,
      string2.string,
      _null.nullTag,
      bool.trueTag,
      bool.falseTag,
      int2.intBin,
      int2.intOct,
      int2.int,
      int2.intHex,
      float.floatNaN,
      float.floatExp,
      float.float,
      binary.binary,
      merge.merge,
      omap.omap,
      pairs.pairs,
      set.set,
      timestamp.intTime,
      timestamp.floatTime,
      timestamp.timestamp
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/tags.js
var require_tags = __commonJS({
  "node_modules/yaml/dist/schema/tags.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string2 = require_string();
    var bool = require_bool();
    var float = require_float();
    var int2 = require_int();
    var schema = require_schema();
    var schema$1 = require_schema2();
    var binary = require_binary();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var schema$2 = require_schema3();
    var set = require_set();
    var timestamp = require_timestamp();
    var schemas = /* @__PURE__ */ new Map([
      ["core", schema.schema],
      ["failsafe", [map.map, seq.seq, string2.string]],
      ["json", schema$1.schema],
      ["yaml11", schema$2.schema],
      ["yaml-1.1", schema$2.schema]
    ]);
    var tagsByName = {
      binary: binary.binary,
      bool: bool.boolTag,
      float: float.float,
      floatExp: float.floatExp,
      floatNaN: float.floatNaN,
      floatTime: timestamp.floatTime,
      int: int2.int,
      intHex: int2.intHex,
      intOct: int2.intOct,
      intTime: timestamp.intTime,
      map: map.map,
      merge: merge.merge,
      null: _null.nullTag,
      omap: omap.omap,
      pairs: pairs.pairs,
      seq: seq.seq,
      set: set.set,
      timestamp: timestamp.timestamp
    };
    var coreKnownTags = {
      "tag:yaml.org,2002:binary": binary.binary,
      "tag:yaml.org,2002:merge": merge.merge,
      "tag:yaml.org,2002:omap": omap.omap,
      "tag:yaml.org,2002:pairs": pairs.pairs,
      "tag:yaml.org,2002:set": set.set,
      "tag:yaml.org,2002:timestamp": timestamp.timestamp
    };
    function getTags(customTags, schemaName, addMergeTag) {
      const schemaTags = schemas.get(schemaName);
      if (schemaTags && !customTags) {
        return addMergeTag && !schemaTags.includes(merge.merge) ? schemaTags.concat(merge.merge) : schemaTags.slice();
      }
      let tags = schemaTags;
      if (!tags) {
        if (Array.isArray(customTags))
          tags = [];
        else {
          const keys = Array.from(schemas.keys()).filter((key) => key !== "yaml11").map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`);
        }
      }
      if (Array.isArray(customTags)) {
        for (const tag of customTags)
          tags = tags.concat(tag);
      } else if (typeof customTags === "function") {
        tags = customTags(tags.slice());
      }
      if (addMergeTag)
        tags = tags.concat(merge.merge);
      return tags.reduce((tags2, tag) => {
        const tagObj = typeof tag === "string" ? tagsByName[tag] : tag;
        if (!tagObj) {
          const tagName = JSON.stringify(tag);
          const keys = Object.keys(tagsByName).map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown custom tag ${tagName}; use one of ${keys}`);
        }
        if (!tags2.includes(tagObj))
          tags2.push(tagObj);
        return tags2;
      }, []);
    }
    exports.coreKnownTags = coreKnownTags;
    exports.getTags = getTags;
  }
});

// node_modules/yaml/dist/schema/Schema.js
var require_Schema = __commonJS({
  "node_modules/yaml/dist/schema/Schema.js"(exports) {
    "use strict";
    var identity = require_identity();
    var map = require_map();
    var seq = require_seq();
    var string2 = require_string();
    var tags = require_tags();
    var sortMapEntriesByKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    var Schema = class _Schema {
      constructor({ compat, customTags, merge, resolveKnownTags, schema, sortMapEntries, toStringDefaults }) {
        this.compat = Array.isArray(compat) ? tags.getTags(compat, "compat") : compat ? tags.getTags(null, compat) : null;
        this.name = typeof schema === "string" && schema || "core";
        this.knownTags = resolveKnownTags ? tags.coreKnownTags : {};
        this.tags = tags.getTags(customTags, this.name, merge);
        this.toStringOptions = toStringDefaults ?? null;
        Object.defineProperty(this, identity.MAP, { value: map.map });
        Object.defineProperty(this, identity.SCALAR, { value: string2.string });
        Object.defineProperty(this, identity.SEQ, { value: seq.seq });
        this.sortMapEntries = typeof sortMapEntries === "function" ? sortMapEntries : sortMapEntries === true ? sortMapEntriesByKey : null;
      }
      clone() {
        const copy = Object.create(_Schema.prototype, Object.getOwnPropertyDescriptors(this));
        copy.tags = this.tags.slice();
        return copy;
      }
    };
    exports.Schema = Schema;
  }
});

// node_modules/yaml/dist/stringify/stringifyDocument.js
var require_stringifyDocument = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyDocument.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyDocument(doc, options) {
      const lines = [];
      let hasDirectives = options.directives === true;
      if (options.directives !== false && doc.directives) {
        const dir = doc.directives.toString(doc);
        if (dir) {
          lines.push(dir);
          hasDirectives = true;
        } else if (doc.directives.docStart)
          hasDirectives = true;
      }
      if (hasDirectives)
        lines.push("---");
      const ctx = stringify.createStringifyContext(doc, options);
      const { commentString } = ctx.options;
      if (doc.commentBefore) {
        if (lines.length !== 1)
          lines.unshift("");
        const cs = commentString(doc.commentBefore);
        lines.unshift(stringifyComment.indentComment(cs, ""));
      }
      let chompKeep = false;
      let contentComment = null;
      if (doc.contents) {
        if (identity.isNode(doc.contents)) {
          if (doc.contents.spaceBefore && hasDirectives)
            lines.push("");
          if (doc.contents.commentBefore) {
            const cs = commentString(doc.contents.commentBefore);
            lines.push(stringifyComment.indentComment(cs, ""));
          }
          ctx.forceBlockIndent = !!doc.comment;
          contentComment = doc.contents.comment;
        }
        const onChompKeep = contentComment ? void 0 : () => chompKeep = true;
        let body = stringify.stringify(doc.contents, ctx, () => contentComment = null, onChompKeep);
        if (contentComment)
          body += stringifyComment.lineComment(body, "", commentString(contentComment));
        if ((body[0] === "|" || body[0] === ">") && lines[lines.length - 1] === "---") {
          lines[lines.length - 1] = `--- ${body}`;
        } else
          lines.push(body);
      } else {
        lines.push(stringify.stringify(doc.contents, ctx));
      }
      if (doc.directives?.docEnd) {
        if (doc.comment) {
          const cs = commentString(doc.comment);
          if (cs.includes("\n")) {
            lines.push("...");
            lines.push(stringifyComment.indentComment(cs, ""));
          } else {
            lines.push(`... ${cs}`);
          }
        } else {
          lines.push("...");
        }
      } else {
        let dc = doc.comment;
        if (dc && chompKeep)
          dc = dc.replace(/^\n+/, "");
        if (dc) {
          if ((!chompKeep || contentComment) && lines[lines.length - 1] !== "")
            lines.push("");
          lines.push(stringifyComment.indentComment(commentString(dc), ""));
        }
      }
      return lines.join("\n") + "\n";
    }
    exports.stringifyDocument = stringifyDocument;
  }
});

// node_modules/yaml/dist/doc/Document.js
var require_Document = __commonJS({
  "node_modules/yaml/dist/doc/Document.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var toJS = require_toJS();
    var Schema = require_Schema();
    var stringifyDocument = require_stringifyDocument();
    var anchors = require_anchors();
    var applyReviver = require_applyReviver();
    var createNode = require_createNode();
    var directives = require_directives();
    var Document = class _Document {
      constructor(value, replacer, options) {
        this.commentBefore = null;
        this.comment = null;
        this.errors = [];
        this.warnings = [];
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.DOC });
        let _replacer = null;
        if (typeof replacer === "function" || Array.isArray(replacer)) {
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const opt = Object.assign({
          intAsBigInt: false,
          keepSourceTokens: false,
          logLevel: "warn",
          prettyErrors: true,
          strict: true,
          stringKeys: false,
          uniqueKeys: true,
          version: "1.2"
        }, options);
        this.options = opt;
        let { version: version2 } = opt;
        if (options?._directives) {
          this.directives = options._directives.atDocument();
          if (this.directives.yaml.explicit)
            version2 = this.directives.yaml.version;
        } else
          this.directives = new directives.Directives({ version: version2 });
        this.setSchema(version2, options);
        this.contents = value === void 0 ? null : this.createNode(value, _replacer, options);
      }
      /**
       * Create a deep copy of this Document and its contents.
       *
       * Custom Node values that inherit from `Object` still refer to their original instances.
       */
      clone() {
        const copy = Object.create(_Document.prototype, {
          [identity.NODE_TYPE]: { value: identity.DOC }
        });
        copy.commentBefore = this.commentBefore;
        copy.comment = this.comment;
        copy.errors = this.errors.slice();
        copy.warnings = this.warnings.slice();
        copy.options = Object.assign({}, this.options);
        if (this.directives)
          copy.directives = this.directives.clone();
        copy.schema = this.schema.clone();
        copy.contents = identity.isNode(this.contents) ? this.contents.clone(copy.schema) : this.contents;
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** Adds a value to the document. */
      add(value) {
        if (assertCollection(this.contents))
          this.contents.add(value);
      }
      /** Adds a value to the document. */
      addIn(path, value) {
        if (assertCollection(this.contents))
          this.contents.addIn(path, value);
      }
      /**
       * Create a new `Alias` node, ensuring that the target `node` has the required anchor.
       *
       * If `node` already has an anchor, `name` is ignored.
       * Otherwise, the `node.anchor` value will be set to `name`,
       * or if an anchor with that name is already present in the document,
       * `name` will be used as a prefix for a new unique anchor.
       * If `name` is undefined, the generated anchor will use 'a' as a prefix.
       */
      createAlias(node, name) {
        if (!node.anchor) {
          const prev = anchors.anchorNames(this);
          node.anchor = // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          !name || prev.has(name) ? anchors.findNewAnchor(name || "a", prev) : name;
        }
        return new Alias.Alias(node.anchor);
      }
      createNode(value, replacer, options) {
        let _replacer = void 0;
        if (typeof replacer === "function") {
          value = replacer.call({ "": value }, "", value);
          _replacer = replacer;
        } else if (Array.isArray(replacer)) {
          const keyToStr = (v) => typeof v === "number" || v instanceof String || v instanceof Number;
          const asStr = replacer.filter(keyToStr).map(String);
          if (asStr.length > 0)
            replacer = replacer.concat(asStr);
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options ?? {};
        const { onAnchor, setAnchors, sourceObjects } = anchors.createNodeAnchors(
          this,
          // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          anchorPrefix || "a"
        );
        const ctx = {
          aliasDuplicateObjects: aliasDuplicateObjects ?? true,
          keepUndefined: keepUndefined ?? false,
          onAnchor,
          onTagObj,
          replacer: _replacer,
          schema: this.schema,
          sourceObjects
        };
        const node = createNode.createNode(value, tag, ctx);
        if (flow && identity.isCollection(node))
          node.flow = true;
        setAnchors();
        return node;
      }
      /**
       * Convert a key and a value into a `Pair` using the current schema,
       * recursively wrapping all values as `Scalar` or `Collection` nodes.
       */
      createPair(key, value, options = {}) {
        const k = this.createNode(key, null, options);
        const v = this.createNode(value, null, options);
        return new Pair.Pair(k, v);
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        return assertCollection(this.contents) ? this.contents.delete(key) : false;
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        if (Collection.isEmptyPath(path)) {
          if (this.contents == null)
            return false;
          this.contents = null;
          return true;
        }
        return assertCollection(this.contents) ? this.contents.deleteIn(path) : false;
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      get(key, keepScalar) {
        return identity.isCollection(this.contents) ? this.contents.get(key, keepScalar) : void 0;
      }
      /**
       * Returns item at `path`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        if (Collection.isEmptyPath(path))
          return !keepScalar && identity.isScalar(this.contents) ? this.contents.value : this.contents;
        return identity.isCollection(this.contents) ? this.contents.getIn(path, keepScalar) : void 0;
      }
      /**
       * Checks if the document includes a value with the key `key`.
       */
      has(key) {
        return identity.isCollection(this.contents) ? this.contents.has(key) : false;
      }
      /**
       * Checks if the document includes a value at `path`.
       */
      hasIn(path) {
        if (Collection.isEmptyPath(path))
          return this.contents !== void 0;
        return identity.isCollection(this.contents) ? this.contents.hasIn(path) : false;
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      set(key, value) {
        if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, [key], value);
        } else if (assertCollection(this.contents)) {
          this.contents.set(key, value);
        }
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        if (Collection.isEmptyPath(path)) {
          this.contents = value;
        } else if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, Array.from(path), value);
        } else if (assertCollection(this.contents)) {
          this.contents.setIn(path, value);
        }
      }
      /**
       * Change the YAML version and schema used by the document.
       * A `null` version disables support for directives, explicit tags, anchors, and aliases.
       * It also requires the `schema` option to be given as a `Schema` instance value.
       *
       * Overrides all previously set schema options.
       */
      setSchema(version2, options = {}) {
        if (typeof version2 === "number")
          version2 = String(version2);
        let opt;
        switch (version2) {
          case "1.1":
            if (this.directives)
              this.directives.yaml.version = "1.1";
            else
              this.directives = new directives.Directives({ version: "1.1" });
            opt = { resolveKnownTags: false, schema: "yaml-1.1" };
            break;
          case "1.2":
          case "next":
            if (this.directives)
              this.directives.yaml.version = version2;
            else
              this.directives = new directives.Directives({ version: version2 });
            opt = { resolveKnownTags: true, schema: "core" };
            break;
          case null:
            if (this.directives)
              delete this.directives;
            opt = null;
            break;
          default: {
            const sv = JSON.stringify(version2);
            throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
          }
        }
        if (options.schema instanceof Object)
          this.schema = options.schema;
        else if (opt)
          this.schema = new Schema.Schema(Object.assign(opt, options));
        else
          throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
      }
      // json & jsonArg are only used from toJSON()
      toJS({ json, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc: this,
          keep: !json,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this.contents, jsonArg ?? "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
      /**
       * A JSON representation of the document `contents`.
       *
       * @param jsonArg Used by `JSON.stringify` to indicate the array index or
       *   property name.
       */
      toJSON(jsonArg, onAnchor) {
        return this.toJS({ json: true, jsonArg, mapAsMap: false, onAnchor });
      }
      /** A YAML representation of the document. */
      toString(options = {}) {
        if (this.errors.length > 0)
          throw new Error("Document with errors cannot be stringified");
        if ("indent" in options && (!Number.isInteger(options.indent) || Number(options.indent) <= 0)) {
          const s = JSON.stringify(options.indent);
          throw new Error(`"indent" option must be a positive integer, not ${s}`);
        }
        return stringifyDocument.stringifyDocument(this, options);
      }
    };
    function assertCollection(contents) {
      if (identity.isCollection(contents))
        return true;
      throw new Error("Expected a YAML collection as document contents");
    }
    exports.Document = Document;
  }
});

// node_modules/yaml/dist/errors.js
var require_errors = __commonJS({
  "node_modules/yaml/dist/errors.js"(exports) {
    "use strict";
    var YAMLError = class extends Error {
      constructor(name, pos, code, message) {
        super();
        this.name = name;
        this.code = code;
        this.message = message;
        this.pos = pos;
      }
    };
    var YAMLParseError = class extends YAMLError {
      constructor(pos, code, message) {
        super("YAMLParseError", pos, code, message);
      }
    };
    var YAMLWarning = class extends YAMLError {
      constructor(pos, code, message) {
        super("YAMLWarning", pos, code, message);
      }
    };
    var prettifyError = (src, lc) => (error) => {
      if (error.pos[0] === -1)
        return;
      error.linePos = error.pos.map((pos) => lc.linePos(pos));
      const { line, col } = error.linePos[0];
      error.message += ` at line ${line}, column ${col}`;
      let ci = col - 1;
      let lineStr = src.substring(lc.lineStarts[line - 1], lc.lineStarts[line]).replace(/[\n\r]+$/, "");
      if (ci >= 60 && lineStr.length > 80) {
        const trimStart = Math.min(ci - 39, lineStr.length - 79);
        lineStr = "\u2026" + lineStr.substring(trimStart);
        ci -= trimStart - 1;
      }
      if (lineStr.length > 80)
        lineStr = lineStr.substring(0, 79) + "\u2026";
      if (line > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
        let prev = src.substring(lc.lineStarts[line - 2], lc.lineStarts[line - 1]);
        if (prev.length > 80)
          prev = prev.substring(0, 79) + "\u2026\n";
        lineStr = prev + lineStr;
      }
      if (/[^ ]/.test(lineStr)) {
        let count = 1;
        const end = error.linePos[1];
        if (end?.line === line && end.col > col) {
          count = Math.max(1, Math.min(end.col - col, 80 - ci));
        }
        const pointer = " ".repeat(ci) + "^".repeat(count);
        error.message += `:

${lineStr}
${pointer}
`;
      }
    };
    exports.YAMLError = YAMLError;
    exports.YAMLParseError = YAMLParseError;
    exports.YAMLWarning = YAMLWarning;
    exports.prettifyError = prettifyError;
  }
});

// node_modules/yaml/dist/compose/resolve-props.js
var require_resolve_props = __commonJS({
  "node_modules/yaml/dist/compose/resolve-props.js"(exports) {
    "use strict";
    function resolveProps(tokens, { flow, indicator, next, offset, onError, parentIndent, startOnNewline }) {
      let spaceBefore = false;
      let atNewline = startOnNewline;
      let hasSpace = startOnNewline;
      let comment = "";
      let commentSep = "";
      let hasNewline = false;
      let reqSpace = false;
      let tab = null;
      let anchor = null;
      let tag = null;
      let newlineAfterProp = null;
      let comma = null;
      let found = null;
      let start = null;
      for (const token of tokens) {
        if (reqSpace) {
          if (token.type !== "space" && token.type !== "newline" && token.type !== "comma")
            onError(token.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
          reqSpace = false;
        }
        if (tab) {
          if (atNewline && token.type !== "comment" && token.type !== "newline") {
            onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
          }
          tab = null;
        }
        switch (token.type) {
          case "space":
            if (!flow && (indicator !== "doc-start" || next?.type !== "flow-collection") && token.source.includes("	")) {
              tab = token;
            }
            hasSpace = true;
            break;
          case "comment": {
            if (!hasSpace)
              onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
            const cb = token.source.substring(1) || " ";
            if (!comment)
              comment = cb;
            else
              comment += commentSep + cb;
            commentSep = "";
            atNewline = false;
            break;
          }
          case "newline":
            if (atNewline) {
              if (comment)
                comment += token.source;
              else if (!found || indicator !== "seq-item-ind")
                spaceBefore = true;
            } else
              commentSep += token.source;
            atNewline = true;
            hasNewline = true;
            if (anchor || tag)
              newlineAfterProp = token;
            hasSpace = true;
            break;
          case "anchor":
            if (anchor)
              onError(token, "MULTIPLE_ANCHORS", "A node can have at most one anchor");
            if (token.source.endsWith(":"))
              onError(token.offset + token.source.length - 1, "BAD_ALIAS", "Anchor ending in : is ambiguous", true);
            anchor = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          case "tag": {
            if (tag)
              onError(token, "MULTIPLE_TAGS", "A node can have at most one tag");
            tag = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          }
          case indicator:
            if (anchor || tag)
              onError(token, "BAD_PROP_ORDER", `Anchors and tags must be after the ${token.source} indicator`);
            if (found)
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.source} in ${flow ?? "collection"}`);
            found = token;
            atNewline = indicator === "seq-item-ind" || indicator === "explicit-key-ind";
            hasSpace = false;
            break;
          case "comma":
            if (flow) {
              if (comma)
                onError(token, "UNEXPECTED_TOKEN", `Unexpected , in ${flow}`);
              comma = token;
              atNewline = false;
              hasSpace = false;
              break;
            }
          // else fallthrough
          default:
            onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.type} token`);
            atNewline = false;
            hasSpace = false;
        }
      }
      const last = tokens[tokens.length - 1];
      const end = last ? last.offset + last.source.length : offset;
      if (reqSpace && next && next.type !== "space" && next.type !== "newline" && next.type !== "comma" && (next.type !== "scalar" || next.source !== "")) {
        onError(next.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
      }
      if (tab && (atNewline && tab.indent <= parentIndent || next?.type === "block-map" || next?.type === "block-seq"))
        onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
      return {
        comma,
        found,
        spaceBefore,
        comment,
        hasNewline,
        anchor,
        tag,
        newlineAfterProp,
        end,
        start: start ?? end
      };
    }
    exports.resolveProps = resolveProps;
  }
});

// node_modules/yaml/dist/compose/util-contains-newline.js
var require_util_contains_newline = __commonJS({
  "node_modules/yaml/dist/compose/util-contains-newline.js"(exports) {
    "use strict";
    function containsNewline(key) {
      if (!key)
        return null;
      switch (key.type) {
        case "alias":
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          if (key.source.includes("\n"))
            return true;
          if (key.end) {
            for (const st of key.end)
              if (st.type === "newline")
                return true;
          }
          return false;
        case "flow-collection":
          for (const it of key.items) {
            for (const st of it.start)
              if (st.type === "newline")
                return true;
            if (it.sep) {
              for (const st of it.sep)
                if (st.type === "newline")
                  return true;
            }
            if (containsNewline(it.key) || containsNewline(it.value))
              return true;
          }
          return false;
        default:
          return true;
      }
    }
    exports.containsNewline = containsNewline;
  }
});

// node_modules/yaml/dist/compose/util-flow-indent-check.js
var require_util_flow_indent_check = __commonJS({
  "node_modules/yaml/dist/compose/util-flow-indent-check.js"(exports) {
    "use strict";
    var utilContainsNewline = require_util_contains_newline();
    function flowIndentCheck(indent, fc, onError) {
      if (fc?.type === "flow-collection") {
        const end = fc.end[0];
        if (end.indent === indent && (end.source === "]" || end.source === "}") && utilContainsNewline.containsNewline(fc)) {
          const msg = "Flow end indicator should be more indented than parent";
          onError(end, "BAD_INDENT", msg, true);
        }
      }
    }
    exports.flowIndentCheck = flowIndentCheck;
  }
});

// node_modules/yaml/dist/compose/util-map-includes.js
var require_util_map_includes = __commonJS({
  "node_modules/yaml/dist/compose/util-map-includes.js"(exports) {
    "use strict";
    var identity = require_identity();
    function mapIncludes(ctx, items, search) {
      const { uniqueKeys } = ctx.options;
      if (uniqueKeys === false)
        return false;
      const isEqual = typeof uniqueKeys === "function" ? uniqueKeys : (a, b) => a === b || identity.isScalar(a) && identity.isScalar(b) && a.value === b.value;
      return items.some((pair) => isEqual(pair.key, search));
    }
    exports.mapIncludes = mapIncludes;
  }
});

// node_modules/yaml/dist/compose/resolve-block-map.js
var require_resolve_block_map = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-map.js"(exports) {
    "use strict";
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    var utilMapIncludes = require_util_map_includes();
    var startColMsg = "All mapping items must start at the same column";
    function resolveBlockMap({ composeNode, composeEmptyNode }, ctx, bm, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLMap.YAMLMap;
      const map = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      let offset = bm.offset;
      let commentEnd = null;
      for (const collItem of bm.items) {
        const { start, key, sep, value } = collItem;
        const keyProps = resolveProps.resolveProps(start, {
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: bm.indent,
          startOnNewline: true
        });
        const implicitKey = !keyProps.found;
        if (implicitKey) {
          if (key) {
            if (key.type === "block-seq")
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "A block sequence may not be used as an implicit map key");
            else if ("indent" in key && key.indent !== bm.indent)
              onError(offset, "BAD_INDENT", startColMsg);
          }
          if (!keyProps.anchor && !keyProps.tag && !sep) {
            commentEnd = keyProps.end;
            if (keyProps.comment) {
              if (map.comment)
                map.comment += "\n" + keyProps.comment;
              else
                map.comment = keyProps.comment;
            }
            continue;
          }
          if (keyProps.newlineAfterProp || utilContainsNewline.containsNewline(key)) {
            onError(key ?? start[start.length - 1], "MULTILINE_IMPLICIT_KEY", "Implicit keys need to be on a single line");
          }
        } else if (keyProps.found?.indent !== bm.indent) {
          onError(offset, "BAD_INDENT", startColMsg);
        }
        ctx.atKey = true;
        const keyStart = keyProps.end;
        const keyNode = key ? composeNode(ctx, key, keyProps, onError) : composeEmptyNode(ctx, keyStart, start, null, keyProps, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bm.indent, key, onError);
        ctx.atKey = false;
        if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
          onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
        const valueProps = resolveProps.resolveProps(sep ?? [], {
          indicator: "map-value-ind",
          next: value,
          offset: keyNode.range[2],
          onError,
          parentIndent: bm.indent,
          startOnNewline: !key || key.type === "block-scalar"
        });
        offset = valueProps.end;
        if (valueProps.found) {
          if (implicitKey) {
            if (value?.type === "block-map" && !valueProps.hasNewline)
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "Nested mappings are not allowed in compact mappings");
            if (ctx.options.strict && keyProps.start < valueProps.found.offset - 1024)
              onError(keyNode.range, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit block mapping key");
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : composeEmptyNode(ctx, offset, sep, null, valueProps, onError);
          if (ctx.schema.compat)
            utilFlowIndentCheck.flowIndentCheck(bm.indent, value, onError);
          offset = valueNode.range[2];
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        } else {
          if (implicitKey)
            onError(keyNode.range, "MISSING_CHAR", "Implicit map keys need to be followed by map values");
          if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        }
      }
      if (commentEnd && commentEnd < offset)
        onError(commentEnd, "IMPOSSIBLE", "Map comment with trailing content");
      map.range = [bm.offset, offset, commentEnd ?? offset];
      return map;
    }
    exports.resolveBlockMap = resolveBlockMap;
  }
});

// node_modules/yaml/dist/compose/resolve-block-seq.js
var require_resolve_block_seq = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-seq.js"(exports) {
    "use strict";
    var YAMLSeq = require_YAMLSeq();
    var resolveProps = require_resolve_props();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    function resolveBlockSeq({ composeNode, composeEmptyNode }, ctx, bs, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLSeq.YAMLSeq;
      const seq = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = bs.offset;
      let commentEnd = null;
      for (const { start, value } of bs.items) {
        const props = resolveProps.resolveProps(start, {
          indicator: "seq-item-ind",
          next: value,
          offset,
          onError,
          parentIndent: bs.indent,
          startOnNewline: true
        });
        if (!props.found) {
          if (props.anchor || props.tag || value) {
            if (value?.type === "block-seq")
              onError(props.end, "BAD_INDENT", "All sequence items must start at the same column");
            else
              onError(offset, "MISSING_CHAR", "Sequence item without - indicator");
          } else {
            commentEnd = props.end;
            if (props.comment)
              seq.comment = props.comment;
            continue;
          }
        }
        const node = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, start, null, props, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bs.indent, value, onError);
        offset = node.range[2];
        seq.items.push(node);
      }
      seq.range = [bs.offset, offset, commentEnd ?? offset];
      return seq;
    }
    exports.resolveBlockSeq = resolveBlockSeq;
  }
});

// node_modules/yaml/dist/compose/resolve-end.js
var require_resolve_end = __commonJS({
  "node_modules/yaml/dist/compose/resolve-end.js"(exports) {
    "use strict";
    function resolveEnd(end, offset, reqSpace, onError) {
      let comment = "";
      if (end) {
        let hasSpace = false;
        let sep = "";
        for (const token of end) {
          const { source, type } = token;
          switch (type) {
            case "space":
              hasSpace = true;
              break;
            case "comment": {
              if (reqSpace && !hasSpace)
                onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
              const cb = source.substring(1) || " ";
              if (!comment)
                comment = cb;
              else
                comment += sep + cb;
              sep = "";
              break;
            }
            case "newline":
              if (comment)
                sep += source;
              hasSpace = true;
              break;
            default:
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${type} at node end`);
          }
          offset += source.length;
        }
      }
      return { comment, offset };
    }
    exports.resolveEnd = resolveEnd;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-collection.js
var require_resolve_flow_collection = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilMapIncludes = require_util_map_includes();
    var blockMsg = "Block collections are not allowed within flow collections";
    var isBlock = (token) => token && (token.type === "block-map" || token.type === "block-seq");
    function resolveFlowCollection({ composeNode, composeEmptyNode }, ctx, fc, onError, tag) {
      const isMap3 = fc.start.source === "{";
      const fcName = isMap3 ? "flow map" : "flow sequence";
      const NodeClass = tag?.nodeClass ?? (isMap3 ? YAMLMap.YAMLMap : YAMLSeq.YAMLSeq);
      const coll = new NodeClass(ctx.schema);
      coll.flow = true;
      const atRoot = ctx.atRoot;
      if (atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = fc.offset + fc.start.source.length;
      for (let i = 0; i < fc.items.length; ++i) {
        const collItem = fc.items[i];
        const { start, key, sep, value } = collItem;
        const props = resolveProps.resolveProps(start, {
          flow: fcName,
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: fc.indent,
          startOnNewline: false
        });
        if (!props.found) {
          if (!props.anchor && !props.tag && !sep && !value) {
            if (i === 0 && props.comma)
              onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
            else if (i < fc.items.length - 1)
              onError(props.start, "UNEXPECTED_TOKEN", `Unexpected empty item in ${fcName}`);
            if (props.comment) {
              if (coll.comment)
                coll.comment += "\n" + props.comment;
              else
                coll.comment = props.comment;
            }
            offset = props.end;
            continue;
          }
          if (!isMap3 && ctx.options.strict && utilContainsNewline.containsNewline(key))
            onError(
              key,
              // checked by containsNewline()
              "MULTILINE_IMPLICIT_KEY",
              "Implicit keys of flow sequence pairs need to be on a single line"
            );
        }
        if (i === 0) {
          if (props.comma)
            onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
        } else {
          if (!props.comma)
            onError(props.start, "MISSING_CHAR", `Missing , between ${fcName} items`);
          if (props.comment) {
            let prevItemComment = "";
            loop: for (const st of start) {
              switch (st.type) {
                case "comma":
                case "space":
                  break;
                case "comment":
                  prevItemComment = st.source.substring(1);
                  break loop;
                default:
                  break loop;
              }
            }
            if (prevItemComment) {
              let prev = coll.items[coll.items.length - 1];
              if (identity.isPair(prev))
                prev = prev.value ?? prev.key;
              if (prev.comment)
                prev.comment += "\n" + prevItemComment;
              else
                prev.comment = prevItemComment;
              props.comment = props.comment.substring(prevItemComment.length + 1);
            }
          }
        }
        if (!isMap3 && !sep && !props.found) {
          const valueNode = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, sep, null, props, onError);
          coll.items.push(valueNode);
          offset = valueNode.range[2];
          if (isBlock(value))
            onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
        } else {
          ctx.atKey = true;
          const keyStart = props.end;
          const keyNode = key ? composeNode(ctx, key, props, onError) : composeEmptyNode(ctx, keyStart, start, null, props, onError);
          if (isBlock(key))
            onError(keyNode.range, "BLOCK_IN_FLOW", blockMsg);
          ctx.atKey = false;
          const valueProps = resolveProps.resolveProps(sep ?? [], {
            flow: fcName,
            indicator: "map-value-ind",
            next: value,
            offset: keyNode.range[2],
            onError,
            parentIndent: fc.indent,
            startOnNewline: false
          });
          if (valueProps.found) {
            if (!isMap3 && !props.found && ctx.options.strict) {
              if (sep)
                for (const st of sep) {
                  if (st === valueProps.found)
                    break;
                  if (st.type === "newline") {
                    onError(st, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
                    break;
                  }
                }
              if (props.start < valueProps.found.offset - 1024)
                onError(valueProps.found, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit flow sequence key");
            }
          } else if (value) {
            if ("source" in value && value.source?.[0] === ":")
              onError(value, "MISSING_CHAR", `Missing space after : in ${fcName}`);
            else
              onError(valueProps.start, "MISSING_CHAR", `Missing , or : between ${fcName} items`);
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : valueProps.found ? composeEmptyNode(ctx, valueProps.end, sep, null, valueProps, onError) : null;
          if (valueNode) {
            if (isBlock(value))
              onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
          } else if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          if (isMap3) {
            const map = coll;
            if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
              onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
            map.items.push(pair);
          } else {
            const map = new YAMLMap.YAMLMap(ctx.schema);
            map.flow = true;
            map.items.push(pair);
            const endRange = (valueNode ?? keyNode).range;
            map.range = [keyNode.range[0], endRange[1], endRange[2]];
            coll.items.push(map);
          }
          offset = valueNode ? valueNode.range[2] : valueProps.end;
        }
      }
      const expectedEnd = isMap3 ? "}" : "]";
      const [ce, ...ee] = fc.end;
      let cePos = offset;
      if (ce?.source === expectedEnd)
        cePos = ce.offset + ce.source.length;
      else {
        const name = fcName[0].toUpperCase() + fcName.substring(1);
        const msg = atRoot ? `${name} must end with a ${expectedEnd}` : `${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
        onError(offset, atRoot ? "MISSING_CHAR" : "BAD_INDENT", msg);
        if (ce && ce.source.length !== 1)
          ee.unshift(ce);
      }
      if (ee.length > 0) {
        const end = resolveEnd.resolveEnd(ee, cePos, ctx.options.strict, onError);
        if (end.comment) {
          if (coll.comment)
            coll.comment += "\n" + end.comment;
          else
            coll.comment = end.comment;
        }
        coll.range = [fc.offset, cePos, end.offset];
      } else {
        coll.range = [fc.offset, cePos, cePos];
      }
      return coll;
    }
    exports.resolveFlowCollection = resolveFlowCollection;
  }
});

// node_modules/yaml/dist/compose/compose-collection.js
var require_compose_collection = __commonJS({
  "node_modules/yaml/dist/compose/compose-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveBlockMap = require_resolve_block_map();
    var resolveBlockSeq = require_resolve_block_seq();
    var resolveFlowCollection = require_resolve_flow_collection();
    function resolveCollection(CN, ctx, token, onError, tagName, tag) {
      const coll = token.type === "block-map" ? resolveBlockMap.resolveBlockMap(CN, ctx, token, onError, tag) : token.type === "block-seq" ? resolveBlockSeq.resolveBlockSeq(CN, ctx, token, onError, tag) : resolveFlowCollection.resolveFlowCollection(CN, ctx, token, onError, tag);
      const Coll = coll.constructor;
      if (tagName === "!" || tagName === Coll.tagName) {
        coll.tag = Coll.tagName;
        return coll;
      }
      if (tagName)
        coll.tag = tagName;
      return coll;
    }
    function composeCollection(CN, ctx, token, props, onError) {
      const tagToken = props.tag;
      const tagName = !tagToken ? null : ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg));
      if (token.type === "block-seq") {
        const { anchor, newlineAfterProp: nl } = props;
        const lastProp = anchor && tagToken ? anchor.offset > tagToken.offset ? anchor : tagToken : anchor ?? tagToken;
        if (lastProp && (!nl || nl.offset < lastProp.offset)) {
          const message = "Missing newline after block sequence props";
          onError(lastProp, "MISSING_CHAR", message);
        }
      }
      const expType = token.type === "block-map" ? "map" : token.type === "block-seq" ? "seq" : token.start.source === "{" ? "map" : "seq";
      if (!tagToken || !tagName || tagName === "!" || tagName === YAMLMap.YAMLMap.tagName && expType === "map" || tagName === YAMLSeq.YAMLSeq.tagName && expType === "seq") {
        return resolveCollection(CN, ctx, token, onError, tagName);
      }
      let tag = ctx.schema.tags.find((t) => t.tag === tagName && t.collection === expType);
      if (!tag) {
        const kt = ctx.schema.knownTags[tagName];
        if (kt?.collection === expType) {
          ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
          tag = kt;
        } else {
          if (kt) {
            onError(tagToken, "BAD_COLLECTION_TYPE", `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? "scalar"}`, true);
          } else {
            onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, true);
          }
          return resolveCollection(CN, ctx, token, onError, tagName);
        }
      }
      const coll = resolveCollection(CN, ctx, token, onError, tagName, tag);
      const res = tag.resolve?.(coll, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg), ctx.options) ?? coll;
      const node = identity.isNode(res) ? res : new Scalar.Scalar(res);
      node.range = coll.range;
      node.tag = tagName;
      if (tag?.format)
        node.format = tag.format;
      return node;
    }
    exports.composeCollection = composeCollection;
  }
});

// node_modules/yaml/dist/compose/resolve-block-scalar.js
var require_resolve_block_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function resolveBlockScalar(ctx, scalar, onError) {
      const start = scalar.offset;
      const header = parseBlockScalarHeader(scalar, ctx.options.strict, onError);
      if (!header)
        return { value: "", type: null, comment: "", range: [start, start, start] };
      const type = header.mode === ">" ? Scalar.Scalar.BLOCK_FOLDED : Scalar.Scalar.BLOCK_LITERAL;
      const lines = scalar.source ? splitLines(scalar.source) : [];
      let chompStart = lines.length;
      for (let i = lines.length - 1; i >= 0; --i) {
        const content = lines[i][1];
        if (content === "" || content === "\r")
          chompStart = i;
        else
          break;
      }
      if (chompStart === 0) {
        const value2 = header.chomp === "+" && lines.length > 0 ? "\n".repeat(Math.max(1, lines.length - 1)) : "";
        let end2 = start + header.length;
        if (scalar.source)
          end2 += scalar.source.length;
        return { value: value2, type, comment: header.comment, range: [start, end2, end2] };
      }
      let trimIndent = scalar.indent + header.indent;
      let offset = scalar.offset + header.length;
      let contentStart = 0;
      for (let i = 0; i < chompStart; ++i) {
        const [indent, content] = lines[i];
        if (content === "" || content === "\r") {
          if (header.indent === 0 && indent.length > trimIndent)
            trimIndent = indent.length;
        } else {
          if (indent.length < trimIndent) {
            const message = "Block scalars with more-indented leading empty lines must use an explicit indentation indicator";
            onError(offset + indent.length, "MISSING_CHAR", message);
          }
          if (header.indent === 0)
            trimIndent = indent.length;
          contentStart = i;
          if (trimIndent === 0 && !ctx.atRoot) {
            const message = "Block scalar values in collections must be indented";
            onError(offset, "BAD_INDENT", message);
          }
          break;
        }
        offset += indent.length + content.length + 1;
      }
      for (let i = lines.length - 1; i >= chompStart; --i) {
        if (lines[i][0].length > trimIndent)
          chompStart = i + 1;
      }
      let value = "";
      let sep = "";
      let prevMoreIndented = false;
      for (let i = 0; i < contentStart; ++i)
        value += lines[i][0].slice(trimIndent) + "\n";
      for (let i = contentStart; i < chompStart; ++i) {
        let [indent, content] = lines[i];
        offset += indent.length + content.length + 1;
        const crlf = content[content.length - 1] === "\r";
        if (crlf)
          content = content.slice(0, -1);
        if (content && indent.length < trimIndent) {
          const src = header.indent ? "explicit indentation indicator" : "first line";
          const message = `Block scalar lines must not be less indented than their ${src}`;
          onError(offset - content.length - (crlf ? 2 : 1), "BAD_INDENT", message);
          indent = "";
        }
        if (type === Scalar.Scalar.BLOCK_LITERAL) {
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
        } else if (indent.length > trimIndent || content[0] === "	") {
          if (sep === " ")
            sep = "\n";
          else if (!prevMoreIndented && sep === "\n")
            sep = "\n\n";
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
          prevMoreIndented = true;
        } else if (content === "") {
          if (sep === "\n")
            value += "\n";
          else
            sep = "\n";
        } else {
          value += sep + content;
          sep = " ";
          prevMoreIndented = false;
        }
      }
      switch (header.chomp) {
        case "-":
          break;
        case "+":
          for (let i = chompStart; i < lines.length; ++i)
            value += "\n" + lines[i][0].slice(trimIndent);
          if (value[value.length - 1] !== "\n")
            value += "\n";
          break;
        default:
          value += "\n";
      }
      const end = start + header.length + scalar.source.length;
      return { value, type, comment: header.comment, range: [start, end, end] };
    }
    function parseBlockScalarHeader({ offset, props }, strict, onError) {
      if (props[0].type !== "block-scalar-header") {
        onError(props[0], "IMPOSSIBLE", "Block scalar header not found");
        return null;
      }
      const { source } = props[0];
      const mode = source[0];
      let indent = 0;
      let chomp = "";
      let error = -1;
      for (let i = 1; i < source.length; ++i) {
        const ch = source[i];
        if (!chomp && (ch === "-" || ch === "+"))
          chomp = ch;
        else {
          const n = Number(ch);
          if (!indent && n)
            indent = n;
          else if (error === -1)
            error = offset + i;
        }
      }
      if (error !== -1)
        onError(error, "UNEXPECTED_TOKEN", `Block scalar header includes extra characters: ${source}`);
      let hasSpace = false;
      let comment = "";
      let length = source.length;
      for (let i = 1; i < props.length; ++i) {
        const token = props[i];
        switch (token.type) {
          case "space":
            hasSpace = true;
          // fallthrough
          case "newline":
            length += token.source.length;
            break;
          case "comment":
            if (strict && !hasSpace) {
              const message = "Comments must be separated from other tokens by white space characters";
              onError(token, "MISSING_CHAR", message);
            }
            length += token.source.length;
            comment = token.source.substring(1);
            break;
          case "error":
            onError(token, "UNEXPECTED_TOKEN", token.message);
            length += token.source.length;
            break;
          /* istanbul ignore next should not happen */
          default: {
            const message = `Unexpected token in block scalar header: ${token.type}`;
            onError(token, "UNEXPECTED_TOKEN", message);
            const ts = token.source;
            if (ts && typeof ts === "string")
              length += ts.length;
          }
        }
      }
      return { mode, indent, chomp, comment, length };
    }
    function splitLines(source) {
      const split = source.split(/\n( *)/);
      const first = split[0];
      const m = first.match(/^( *)/);
      const line0 = m?.[1] ? [m[1], first.slice(m[1].length)] : ["", first];
      const lines = [line0];
      for (let i = 1; i < split.length; i += 2)
        lines.push([split[i], split[i + 1]]);
      return lines;
    }
    exports.resolveBlockScalar = resolveBlockScalar;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-scalar.js
var require_resolve_flow_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var resolveEnd = require_resolve_end();
    function resolveFlowScalar(scalar, strict, onError) {
      const { offset, type, source, end } = scalar;
      let _type;
      let value;
      const _onError = (rel, code, msg) => onError(offset + rel, code, msg);
      switch (type) {
        case "scalar":
          _type = Scalar.Scalar.PLAIN;
          value = plainValue(source, _onError);
          break;
        case "single-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_SINGLE;
          value = singleQuotedValue(source, _onError);
          break;
        case "double-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_DOUBLE;
          value = doubleQuotedValue(source, _onError);
          break;
        /* istanbul ignore next should not happen */
        default:
          onError(scalar, "UNEXPECTED_TOKEN", `Expected a flow scalar value, but found: ${type}`);
          return {
            value: "",
            type: null,
            comment: "",
            range: [offset, offset + source.length, offset + source.length]
          };
      }
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, strict, onError);
      return {
        value,
        type: _type,
        comment: re.comment,
        range: [offset, valueEnd, re.offset]
      };
    }
    function plainValue(source, onError) {
      let badChar = "";
      switch (source[0]) {
        /* istanbul ignore next should not happen */
        case "	":
          badChar = "a tab character";
          break;
        case ",":
          badChar = "flow indicator character ,";
          break;
        case "%":
          badChar = "directive indicator character %";
          break;
        case "|":
        case ">": {
          badChar = `block scalar indicator ${source[0]}`;
          break;
        }
        case "@":
        case "`": {
          badChar = `reserved character ${source[0]}`;
          break;
        }
      }
      if (badChar)
        onError(0, "BAD_SCALAR_START", `Plain value cannot start with ${badChar}`);
      return unfoldLines(source);
    }
    function singleQuotedValue(source, onError) {
      if (source[source.length - 1] !== "'" || source.length === 1)
        onError(source.length, "MISSING_CHAR", "Missing closing 'quote");
      return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
    }
    function unfoldLines(source) {
      const line = /(.*?)\r?\n/sy;
      let match = line.exec(source);
      if (!match)
        return source;
      let trimEnd, trimBoth;
      try {
        trimEnd = new RegExp("(?<![ 	])[ 	]+$");
        trimBoth = new RegExp("^[ 	]+|(?<![ 	])[ 	]+$", "g");
      } catch {
        trimEnd = /[ \t]+$/;
        trimBoth = /^[ \t]+|[ \t]+$/g;
      }
      let res = match[1].replace(trimEnd, "");
      let sep = " ";
      let pos = line.lastIndex;
      while (match = line.exec(source)) {
        const lm = match[1].replace(trimBoth, "");
        if (lm === "") {
          if (sep === "\n")
            res += sep;
          else
            sep = "\n";
        } else {
          res += sep + lm;
          sep = " ";
        }
        pos = line.lastIndex;
      }
      const last = /[ \t]*(.*)/sy;
      last.lastIndex = pos;
      match = last.exec(source);
      return res + sep + (match?.[1] ?? "");
    }
    function doubleQuotedValue(source, onError) {
      let res = "";
      for (let i = 1; i < source.length - 1; ++i) {
        const ch = source[i];
        if (ch === "\r" && source[i + 1] === "\n")
          continue;
        if (ch === "\n") {
          const { fold, offset } = foldNewline(source, i);
          res += fold;
          i = offset;
        } else if (ch === "\\") {
          let next = source[++i];
          const cc = escapeCodes[next];
          if (cc)
            res += cc;
          else if (next === "\n") {
            next = source[i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "\r" && source[i + 1] === "\n") {
            next = source[++i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "x" || next === "u" || next === "U") {
            const length = next === "x" ? 2 : next === "u" ? 4 : 8;
            res += parseCharCode(source, i + 1, length, onError);
            i += length;
          } else {
            const raw = source.substr(i - 1, 2);
            onError(i - 1, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
            res += raw;
          }
        } else if (ch === " " || ch === "	") {
          const wsStart = i;
          let next = source[i + 1];
          while (next === " " || next === "	")
            next = source[++i + 1];
          if (next !== "\n" && !(next === "\r" && source[i + 2] === "\n"))
            res += i > wsStart ? source.slice(wsStart, i + 1) : ch;
        } else {
          res += ch;
        }
      }
      if (source[source.length - 1] !== '"' || source.length === 1)
        onError(source.length, "MISSING_CHAR", 'Missing closing "quote');
      return res;
    }
    function foldNewline(source, offset) {
      let fold = "";
      let ch = source[offset + 1];
      while (ch === " " || ch === "	" || ch === "\n" || ch === "\r") {
        if (ch === "\r" && source[offset + 2] !== "\n")
          break;
        if (ch === "\n")
          fold += "\n";
        offset += 1;
        ch = source[offset + 1];
      }
      if (!fold)
        fold = " ";
      return { fold, offset };
    }
    var escapeCodes = {
      "0": "\0",
      // null character
      a: "\x07",
      // bell character
      b: "\b",
      // backspace
      e: "\x1B",
      // escape character
      f: "\f",
      // form feed
      n: "\n",
      // line feed
      r: "\r",
      // carriage return
      t: "	",
      // horizontal tab
      v: "\v",
      // vertical tab
      N: "\x85",
      // Unicode next line
      _: "\xA0",
      // Unicode non-breaking space
      L: "\u2028",
      // Unicode line separator
      P: "\u2029",
      // Unicode paragraph separator
      " ": " ",
      '"': '"',
      "/": "/",
      "\\": "\\",
      "	": "	"
    };
    function parseCharCode(source, offset, length, onError) {
      const cc = source.substr(offset, length);
      const ok = cc.length === length && /^[0-9a-fA-F]+$/.test(cc);
      const code = ok ? parseInt(cc, 16) : NaN;
      try {
        return String.fromCodePoint(code);
      } catch {
        const raw = source.substr(offset - 2, length + 2);
        onError(offset - 2, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
        return raw;
      }
    }
    exports.resolveFlowScalar = resolveFlowScalar;
  }
});

// node_modules/yaml/dist/compose/compose-scalar.js
var require_compose_scalar = __commonJS({
  "node_modules/yaml/dist/compose/compose-scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    function composeScalar(ctx, token, tagToken, onError) {
      const { value, type, comment, range } = token.type === "block-scalar" ? resolveBlockScalar.resolveBlockScalar(ctx, token, onError) : resolveFlowScalar.resolveFlowScalar(token, ctx.options.strict, onError);
      const tagName = tagToken ? ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg)) : null;
      let tag;
      if (ctx.options.stringKeys && ctx.atKey) {
        tag = ctx.schema[identity.SCALAR];
      } else if (tagName)
        tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
      else if (token.type === "scalar")
        tag = findScalarTagByTest(ctx, value, token, onError);
      else
        tag = ctx.schema[identity.SCALAR];
      let scalar;
      try {
        const res = tag.resolve(value, (msg) => onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg), ctx.options);
        scalar = identity.isScalar(res) ? res : new Scalar.Scalar(res);
      } catch (error) {
        const msg = error instanceof Error ? error.message : String(error);
        onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg);
        scalar = new Scalar.Scalar(value);
      }
      scalar.range = range;
      scalar.source = value;
      if (type)
        scalar.type = type;
      if (tagName)
        scalar.tag = tagName;
      if (tag.format)
        scalar.format = tag.format;
      if (comment)
        scalar.comment = comment;
      return scalar;
    }
    function findScalarTagByName(schema, value, tagName, tagToken, onError) {
      if (tagName === "!")
        return schema[identity.SCALAR];
      const matchWithTest = [];
      for (const tag of schema.tags) {
        if (!tag.collection && tag.tag === tagName) {
          if (tag.default && tag.test)
            matchWithTest.push(tag);
          else
            return tag;
        }
      }
      for (const tag of matchWithTest)
        if (tag.test?.test(value))
          return tag;
      const kt = schema.knownTags[tagName];
      if (kt && !kt.collection) {
        schema.tags.push(Object.assign({}, kt, { default: false, test: void 0 }));
        return kt;
      }
      onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, tagName !== "tag:yaml.org,2002:str");
      return schema[identity.SCALAR];
    }
    function findScalarTagByTest({ atKey, directives, schema }, value, token, onError) {
      const tag = schema.tags.find((tag2) => (tag2.default === true || atKey && tag2.default === "key") && tag2.test?.test(value)) || schema[identity.SCALAR];
      if (schema.compat) {
        const compat = schema.compat.find((tag2) => tag2.default && tag2.test?.test(value)) ?? schema[identity.SCALAR];
        if (tag.tag !== compat.tag) {
          const ts = directives.tagString(tag.tag);
          const cs = directives.tagString(compat.tag);
          const msg = `Value may be parsed as either ${ts} or ${cs}`;
          onError(token, "TAG_RESOLVE_FAILED", msg, true);
        }
      }
      return tag;
    }
    exports.composeScalar = composeScalar;
  }
});

// node_modules/yaml/dist/compose/util-empty-scalar-position.js
var require_util_empty_scalar_position = __commonJS({
  "node_modules/yaml/dist/compose/util-empty-scalar-position.js"(exports) {
    "use strict";
    function emptyScalarPosition(offset, before, pos) {
      if (before) {
        pos ?? (pos = before.length);
        for (let i = pos - 1; i >= 0; --i) {
          let st = before[i];
          switch (st.type) {
            case "space":
            case "comment":
            case "newline":
              offset -= st.source.length;
              continue;
          }
          st = before[++i];
          while (st?.type === "space") {
            offset += st.source.length;
            st = before[++i];
          }
          break;
        }
      }
      return offset;
    }
    exports.emptyScalarPosition = emptyScalarPosition;
  }
});

// node_modules/yaml/dist/compose/compose-node.js
var require_compose_node = __commonJS({
  "node_modules/yaml/dist/compose/compose-node.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var composeCollection = require_compose_collection();
    var composeScalar = require_compose_scalar();
    var resolveEnd = require_resolve_end();
    var utilEmptyScalarPosition = require_util_empty_scalar_position();
    var CN = { composeNode, composeEmptyNode };
    function composeNode(ctx, token, props, onError) {
      const atKey = ctx.atKey;
      const { spaceBefore, comment, anchor, tag } = props;
      let node;
      let isSrcToken = true;
      switch (token.type) {
        case "alias":
          node = composeAlias(ctx, token, onError);
          if (anchor || tag)
            onError(token, "ALIAS_PROPS", "An alias node must not specify any properties");
          break;
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "block-scalar":
          node = composeScalar.composeScalar(ctx, token, tag, onError);
          if (anchor)
            node.anchor = anchor.source.substring(1);
          break;
        case "block-map":
        case "block-seq":
        case "flow-collection":
          try {
            node = composeCollection.composeCollection(CN, ctx, token, props, onError);
            if (anchor)
              node.anchor = anchor.source.substring(1);
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            onError(token, "RESOURCE_EXHAUSTION", message);
          }
          break;
        default: {
          const message = token.type === "error" ? token.message : `Unsupported token (type: ${token.type})`;
          onError(token, "UNEXPECTED_TOKEN", message);
          isSrcToken = false;
        }
      }
      node ?? (node = composeEmptyNode(ctx, token.offset, void 0, null, props, onError));
      if (anchor && node.anchor === "")
        onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      if (atKey && ctx.options.stringKeys && (!identity.isScalar(node) || typeof node.value !== "string" || node.tag && node.tag !== "tag:yaml.org,2002:str")) {
        const msg = "With stringKeys, all keys must be strings";
        onError(tag ?? token, "NON_STRING_KEY", msg);
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        if (token.type === "scalar" && token.source === "")
          node.comment = comment;
        else
          node.commentBefore = comment;
      }
      if (ctx.options.keepSourceTokens && isSrcToken)
        node.srcToken = token;
      return node;
    }
    function composeEmptyNode(ctx, offset, before, pos, { spaceBefore, comment, anchor, tag, end }, onError) {
      const token = {
        type: "scalar",
        offset: utilEmptyScalarPosition.emptyScalarPosition(offset, before, pos),
        indent: -1,
        source: ""
      };
      const node = composeScalar.composeScalar(ctx, token, tag, onError);
      if (anchor) {
        node.anchor = anchor.source.substring(1);
        if (node.anchor === "")
          onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        node.comment = comment;
        node.range[2] = end;
      }
      return node;
    }
    function composeAlias({ options }, { offset, source, end }, onError) {
      const alias = new Alias.Alias(source.substring(1));
      if (alias.source === "")
        onError(offset, "BAD_ALIAS", "Alias cannot be an empty string");
      if (alias.source.endsWith(":"))
        onError(offset + source.length - 1, "BAD_ALIAS", "Alias ending in : is ambiguous", true);
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, options.strict, onError);
      alias.range = [offset, valueEnd, re.offset];
      if (re.comment)
        alias.comment = re.comment;
      return alias;
    }
    exports.composeEmptyNode = composeEmptyNode;
    exports.composeNode = composeNode;
  }
});

// node_modules/yaml/dist/compose/compose-doc.js
var require_compose_doc = __commonJS({
  "node_modules/yaml/dist/compose/compose-doc.js"(exports) {
    "use strict";
    var Document = require_Document();
    var composeNode = require_compose_node();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    function composeDoc(options, directives, { offset, start, value, end }, onError) {
      const opts = Object.assign({ _directives: directives }, options);
      const doc = new Document.Document(void 0, opts);
      const ctx = {
        atKey: false,
        atRoot: true,
        directives: doc.directives,
        options: doc.options,
        schema: doc.schema
      };
      const props = resolveProps.resolveProps(start, {
        indicator: "doc-start",
        next: value ?? end?.[0],
        offset,
        onError,
        parentIndent: 0,
        startOnNewline: true
      });
      if (props.found) {
        doc.directives.docStart = true;
        if (value && (value.type === "block-map" || value.type === "block-seq") && !props.hasNewline)
          onError(props.end, "MISSING_CHAR", "Block collection cannot start on same line with directives-end marker");
      }
      doc.contents = value ? composeNode.composeNode(ctx, value, props, onError) : composeNode.composeEmptyNode(ctx, props.end, start, null, props, onError);
      const contentEnd = doc.contents.range[2];
      const re = resolveEnd.resolveEnd(end, contentEnd, false, onError);
      if (re.comment)
        doc.comment = re.comment;
      doc.range = [offset, contentEnd, re.offset];
      return doc;
    }
    exports.composeDoc = composeDoc;
  }
});

// node_modules/yaml/dist/compose/composer.js
var require_composer = __commonJS({
  "node_modules/yaml/dist/compose/composer.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var directives = require_directives();
    var Document = require_Document();
    var errors = require_errors();
    var identity = require_identity();
    var composeDoc = require_compose_doc();
    var resolveEnd = require_resolve_end();
    function getErrorPos(src) {
      if (typeof src === "number")
        return [src, src + 1];
      if (Array.isArray(src))
        return src.length === 2 ? src : [src[0], src[1]];
      const { offset, source } = src;
      return [offset, offset + (typeof source === "string" ? source.length : 1)];
    }
    function parsePrelude(prelude) {
      let comment = "";
      let atComment = false;
      let afterEmptyLine = false;
      for (let i = 0; i < prelude.length; ++i) {
        const source = prelude[i];
        switch (source[0]) {
          case "#":
            comment += (comment === "" ? "" : afterEmptyLine ? "\n\n" : "\n") + (source.substring(1) || " ");
            atComment = true;
            afterEmptyLine = false;
            break;
          case "%":
            if (prelude[i + 1]?.[0] !== "#")
              i += 1;
            atComment = false;
            break;
          default:
            if (!atComment)
              afterEmptyLine = true;
            atComment = false;
        }
      }
      return { comment, afterEmptyLine };
    }
    var Composer = class {
      constructor(options = {}) {
        this.doc = null;
        this.atDirectives = false;
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
        this.onError = (source, code, message, warning) => {
          const pos = getErrorPos(source);
          if (warning)
            this.warnings.push(new errors.YAMLWarning(pos, code, message));
          else
            this.errors.push(new errors.YAMLParseError(pos, code, message));
        };
        this.directives = new directives.Directives({ version: options.version || "1.2" });
        this.options = options;
      }
      decorate(doc, afterDoc) {
        const { comment, afterEmptyLine } = parsePrelude(this.prelude);
        if (comment) {
          const dc = doc.contents;
          if (afterDoc) {
            doc.comment = doc.comment ? `${doc.comment}
${comment}` : comment;
          } else if (afterEmptyLine || doc.directives.docStart || !dc) {
            doc.commentBefore = comment;
          } else if (identity.isCollection(dc) && !dc.flow && dc.items.length > 0) {
            let it = dc.items[0];
            if (identity.isPair(it))
              it = it.key;
            const cb = it.commentBefore;
            it.commentBefore = cb ? `${comment}
${cb}` : comment;
          } else {
            const cb = dc.commentBefore;
            dc.commentBefore = cb ? `${comment}
${cb}` : comment;
          }
        }
        if (afterDoc) {
          for (let i = 0; i < this.errors.length; ++i)
            doc.errors.push(this.errors[i]);
          for (let i = 0; i < this.warnings.length; ++i)
            doc.warnings.push(this.warnings[i]);
        } else {
          doc.errors = this.errors;
          doc.warnings = this.warnings;
        }
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
      }
      /**
       * Current stream status information.
       *
       * Mostly useful at the end of input for an empty stream.
       */
      streamInfo() {
        return {
          comment: parsePrelude(this.prelude).comment,
          directives: this.directives,
          errors: this.errors,
          warnings: this.warnings
        };
      }
      /**
       * Compose tokens into documents.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *compose(tokens, forceDoc = false, endOffset = -1) {
        for (const token of tokens)
          yield* this.next(token);
        yield* this.end(forceDoc, endOffset);
      }
      /** Advance the composer by one CST token. */
      *next(token) {
        if (node_process.env.LOG_STREAM)
          console.dir(token, { depth: null });
        switch (token.type) {
          case "directive":
            this.directives.add(token.source, (offset, message, warning) => {
              const pos = getErrorPos(token);
              pos[0] += offset;
              this.onError(pos, "BAD_DIRECTIVE", message, warning);
            });
            this.prelude.push(token.source);
            this.atDirectives = true;
            break;
          case "document": {
            const doc = composeDoc.composeDoc(this.options, this.directives, token, this.onError);
            if (this.atDirectives && !doc.directives.docStart)
              this.onError(token, "MISSING_CHAR", "Missing directives-end/doc-start indicator line");
            this.decorate(doc, false);
            if (this.doc)
              yield this.doc;
            this.doc = doc;
            this.atDirectives = false;
            break;
          }
          case "byte-order-mark":
          case "space":
            break;
          case "comment":
          case "newline":
            this.prelude.push(token.source);
            break;
          case "error": {
            const msg = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
            const error = new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg);
            if (this.atDirectives || !this.doc)
              this.errors.push(error);
            else
              this.doc.errors.push(error);
            break;
          }
          case "doc-end": {
            if (!this.doc) {
              const msg = "Unexpected doc-end without preceding document";
              this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg));
              break;
            }
            this.doc.directives.docEnd = true;
            const end = resolveEnd.resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
            this.decorate(this.doc, true);
            if (end.comment) {
              const dc = this.doc.comment;
              this.doc.comment = dc ? `${dc}
${end.comment}` : end.comment;
            }
            this.doc.range[2] = end.offset;
            break;
          }
          default:
            this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", `Unsupported token ${token.type}`));
        }
      }
      /**
       * Call at end of input to yield any remaining document.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *end(forceDoc = false, endOffset = -1) {
        if (this.doc) {
          this.decorate(this.doc, true);
          yield this.doc;
          this.doc = null;
        } else if (forceDoc) {
          const opts = Object.assign({ _directives: this.directives }, this.options);
          const doc = new Document.Document(void 0, opts);
          if (this.atDirectives)
            this.onError(endOffset, "MISSING_CHAR", "Missing directives-end indicator line");
          doc.range = [0, endOffset, endOffset];
          this.decorate(doc, false);
          yield doc;
        }
      }
    };
    exports.Composer = Composer;
  }
});

// node_modules/yaml/dist/parse/cst-scalar.js
var require_cst_scalar = __commonJS({
  "node_modules/yaml/dist/parse/cst-scalar.js"(exports) {
    "use strict";
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    var errors = require_errors();
    var stringifyString = require_stringifyString();
    function resolveAsScalar(token, strict = true, onError) {
      if (token) {
        const _onError = (pos, code, message) => {
          const offset = typeof pos === "number" ? pos : Array.isArray(pos) ? pos[0] : pos.offset;
          if (onError)
            onError(offset, code, message);
          else
            throw new errors.YAMLParseError([offset, offset + 1], code, message);
        };
        switch (token.type) {
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return resolveFlowScalar.resolveFlowScalar(token, strict, _onError);
          case "block-scalar":
            return resolveBlockScalar.resolveBlockScalar({ options: { strict } }, token, _onError);
        }
      }
      return null;
    }
    function createScalarToken(value, context) {
      const { implicitKey = false, indent, inFlow = false, offset = -1, type = "PLAIN" } = context;
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey,
        indent: indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      const end = context.end ?? [
        { type: "newline", offset: -1, indent, source: "\n" }
      ];
      switch (source[0]) {
        case "|":
        case ">": {
          const he = source.indexOf("\n");
          const head = source.substring(0, he);
          const body = source.substring(he + 1) + "\n";
          const props = [
            { type: "block-scalar-header", offset, indent, source: head }
          ];
          if (!addEndtoBlockProps(props, end))
            props.push({ type: "newline", offset: -1, indent, source: "\n" });
          return { type: "block-scalar", offset, indent, props, source: body };
        }
        case '"':
          return { type: "double-quoted-scalar", offset, indent, source, end };
        case "'":
          return { type: "single-quoted-scalar", offset, indent, source, end };
        default:
          return { type: "scalar", offset, indent, source, end };
      }
    }
    function setScalarValue(token, value, context = {}) {
      let { afterKey = false, implicitKey = false, inFlow = false, type } = context;
      let indent = "indent" in token ? token.indent : null;
      if (afterKey && typeof indent === "number")
        indent += 2;
      if (!type)
        switch (token.type) {
          case "single-quoted-scalar":
            type = "QUOTE_SINGLE";
            break;
          case "double-quoted-scalar":
            type = "QUOTE_DOUBLE";
            break;
          case "block-scalar": {
            const header = token.props[0];
            if (header.type !== "block-scalar-header")
              throw new Error("Invalid block scalar header");
            type = header.source[0] === ">" ? "BLOCK_FOLDED" : "BLOCK_LITERAL";
            break;
          }
          default:
            type = "PLAIN";
        }
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey: implicitKey || indent === null,
        indent: indent !== null && indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      switch (source[0]) {
        case "|":
        case ">":
          setBlockScalarValue(token, source);
          break;
        case '"':
          setFlowScalarValue(token, source, "double-quoted-scalar");
          break;
        case "'":
          setFlowScalarValue(token, source, "single-quoted-scalar");
          break;
        default:
          setFlowScalarValue(token, source, "scalar");
      }
    }
    function setBlockScalarValue(token, source) {
      const he = source.indexOf("\n");
      const head = source.substring(0, he);
      const body = source.substring(he + 1) + "\n";
      if (token.type === "block-scalar") {
        const header = token.props[0];
        if (header.type !== "block-scalar-header")
          throw new Error("Invalid block scalar header");
        header.source = head;
        token.source = body;
      } else {
        const { offset } = token;
        const indent = "indent" in token ? token.indent : -1;
        const props = [
          { type: "block-scalar-header", offset, indent, source: head }
        ];
        if (!addEndtoBlockProps(props, "end" in token ? token.end : void 0))
          props.push({ type: "newline", offset: -1, indent, source: "\n" });
        for (const key of Object.keys(token))
          if (key !== "type" && key !== "offset")
            delete token[key];
        Object.assign(token, { type: "block-scalar", indent, props, source: body });
      }
    }
    function addEndtoBlockProps(props, end) {
      if (end)
        for (const st of end)
          switch (st.type) {
            case "space":
            case "comment":
              props.push(st);
              break;
            case "newline":
              props.push(st);
              return true;
          }
      return false;
    }
    function setFlowScalarValue(token, source, type) {
      switch (token.type) {
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          token.type = type;
          token.source = source;
          break;
        case "block-scalar": {
          const end = token.props.slice(1);
          let oa = source.length;
          if (token.props[0].type === "block-scalar-header")
            oa -= token.props[0].source.length;
          for (const tok of end)
            tok.offset += oa;
          delete token.props;
          Object.assign(token, { type, source, end });
          break;
        }
        case "block-map":
        case "block-seq": {
          const offset = token.offset + source.length;
          const nl = { type: "newline", offset, indent: token.indent, source: "\n" };
          delete token.items;
          Object.assign(token, { type, source, end: [nl] });
          break;
        }
        default: {
          const indent = "indent" in token ? token.indent : -1;
          const end = "end" in token && Array.isArray(token.end) ? token.end.filter((st) => st.type === "space" || st.type === "comment" || st.type === "newline") : [];
          for (const key of Object.keys(token))
            if (key !== "type" && key !== "offset")
              delete token[key];
          Object.assign(token, { type, indent, source, end });
        }
      }
    }
    exports.createScalarToken = createScalarToken;
    exports.resolveAsScalar = resolveAsScalar;
    exports.setScalarValue = setScalarValue;
  }
});

// node_modules/yaml/dist/parse/cst-stringify.js
var require_cst_stringify = __commonJS({
  "node_modules/yaml/dist/parse/cst-stringify.js"(exports) {
    "use strict";
    var stringify = (cst) => "type" in cst ? stringifyToken(cst) : stringifyItem(cst);
    function stringifyToken(token) {
      switch (token.type) {
        case "block-scalar": {
          let res = "";
          for (const tok of token.props)
            res += stringifyToken(tok);
          return res + token.source;
        }
        case "block-map":
        case "block-seq": {
          let res = "";
          for (const item of token.items)
            res += stringifyItem(item);
          return res;
        }
        case "flow-collection": {
          let res = token.start.source;
          for (const item of token.items)
            res += stringifyItem(item);
          for (const st of token.end)
            res += st.source;
          return res;
        }
        case "document": {
          let res = stringifyItem(token);
          if (token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
        default: {
          let res = token.source;
          if ("end" in token && token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
      }
    }
    function stringifyItem({ start, key, sep, value }) {
      let res = "";
      for (const st of start)
        res += st.source;
      if (key)
        res += stringifyToken(key);
      if (sep)
        for (const st of sep)
          res += st.source;
      if (value)
        res += stringifyToken(value);
      return res;
    }
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/parse/cst-visit.js
var require_cst_visit = __commonJS({
  "node_modules/yaml/dist/parse/cst-visit.js"(exports) {
    "use strict";
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove item");
    function visit(cst, visitor) {
      if ("type" in cst && cst.type === "document")
        cst = { start: cst.start, value: cst.value };
      _visit(Object.freeze([]), cst, visitor);
    }
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    visit.itemAtPath = (cst, path) => {
      let item = cst;
      for (const [field2, index] of path) {
        const tok = item?.[field2];
        if (tok && "items" in tok) {
          item = tok.items[index];
        } else
          return void 0;
      }
      return item;
    };
    visit.parentCollection = (cst, path) => {
      const parent = visit.itemAtPath(cst, path.slice(0, -1));
      const field2 = path[path.length - 1][0];
      const coll = parent?.[field2];
      if (coll && "items" in coll)
        return coll;
      throw new Error("Parent collection not found");
    };
    function _visit(path, item, visitor) {
      let ctrl = visitor(item, path);
      if (typeof ctrl === "symbol")
        return ctrl;
      for (const field2 of ["key", "value"]) {
        const token = item[field2];
        if (token && "items" in token) {
          for (let i = 0; i < token.items.length; ++i) {
            const ci = _visit(Object.freeze(path.concat([[field2, i]])), token.items[i], visitor);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              token.items.splice(i, 1);
              i -= 1;
            }
          }
          if (typeof ctrl === "function" && field2 === "key")
            ctrl = ctrl(item, path);
        }
      }
      return typeof ctrl === "function" ? ctrl(item, path) : ctrl;
    }
    exports.visit = visit;
  }
});

// node_modules/yaml/dist/parse/cst.js
var require_cst = __commonJS({
  "node_modules/yaml/dist/parse/cst.js"(exports) {
    "use strict";
    var cstScalar = require_cst_scalar();
    var cstStringify = require_cst_stringify();
    var cstVisit = require_cst_visit();
    var BOM = "\uFEFF";
    var DOCUMENT = "";
    var FLOW_END = "";
    var SCALAR = "";
    var isCollection2 = (token) => !!token && "items" in token;
    var isScalar3 = (token) => !!token && (token.type === "scalar" || token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar" || token.type === "block-scalar");
    function prettyToken(token) {
      switch (token) {
        case BOM:
          return "<BOM>";
        case DOCUMENT:
          return "<DOC>";
        case FLOW_END:
          return "<FLOW_END>";
        case SCALAR:
          return "<SCALAR>";
        default:
          return JSON.stringify(token);
      }
    }
    function tokenType(source) {
      switch (source) {
        case BOM:
          return "byte-order-mark";
        case DOCUMENT:
          return "doc-mode";
        case FLOW_END:
          return "flow-error-end";
        case SCALAR:
          return "scalar";
        case "---":
          return "doc-start";
        case "...":
          return "doc-end";
        case "":
        case "\n":
        case "\r\n":
          return "newline";
        case "-":
          return "seq-item-ind";
        case "?":
          return "explicit-key-ind";
        case ":":
          return "map-value-ind";
        case "{":
          return "flow-map-start";
        case "}":
          return "flow-map-end";
        case "[":
          return "flow-seq-start";
        case "]":
          return "flow-seq-end";
        case ",":
          return "comma";
      }
      switch (source[0]) {
        case " ":
        case "	":
          return "space";
        case "#":
          return "comment";
        case "%":
          return "directive-line";
        case "*":
          return "alias";
        case "&":
          return "anchor";
        case "!":
          return "tag";
        case "'":
          return "single-quoted-scalar";
        case '"':
          return "double-quoted-scalar";
        case "|":
        case ">":
          return "block-scalar-header";
      }
      return null;
    }
    exports.createScalarToken = cstScalar.createScalarToken;
    exports.resolveAsScalar = cstScalar.resolveAsScalar;
    exports.setScalarValue = cstScalar.setScalarValue;
    exports.stringify = cstStringify.stringify;
    exports.visit = cstVisit.visit;
    exports.BOM = BOM;
    exports.DOCUMENT = DOCUMENT;
    exports.FLOW_END = FLOW_END;
    exports.SCALAR = SCALAR;
    exports.isCollection = isCollection2;
    exports.isScalar = isScalar3;
    exports.prettyToken = prettyToken;
    exports.tokenType = tokenType;
  }
});

// node_modules/yaml/dist/parse/lexer.js
var require_lexer = __commonJS({
  "node_modules/yaml/dist/parse/lexer.js"(exports) {
    "use strict";
    var cst = require_cst();
    function isEmpty2(ch) {
      switch (ch) {
        case void 0:
        case " ":
        case "\n":
        case "\r":
        case "	":
          return true;
        default:
          return false;
      }
    }
    var hexDigits = new Set("0123456789ABCDEFabcdef");
    var tagChars = new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
    var flowIndicatorChars = new Set(",[]{}");
    var invalidAnchorChars = new Set(" ,[]{}\n\r	");
    var isNotAnchorChar = (ch) => !ch || invalidAnchorChars.has(ch);
    var Lexer = class {
      constructor() {
        this.atEnd = false;
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        this.buffer = "";
        this.flowKey = false;
        this.flowLevel = 0;
        this.indentNext = 0;
        this.indentValue = 0;
        this.lineEndPos = null;
        this.next = null;
        this.pos = 0;
      }
      /**
       * Generate YAML tokens from the `source` string. If `incomplete`,
       * a part of the last line may be left as a buffer for the next call.
       *
       * @returns A generator of lexical tokens
       */
      *lex(source, incomplete = false) {
        if (source) {
          if (typeof source !== "string")
            throw TypeError("source is not a string");
          this.buffer = this.buffer ? this.buffer + source : source;
          this.lineEndPos = null;
        }
        this.atEnd = !incomplete;
        let next = this.next ?? "stream";
        while (next && (incomplete || this.hasChars(1)))
          next = yield* this.parseNext(next);
      }
      atLineEnd() {
        let i = this.pos;
        let ch = this.buffer[i];
        while (ch === " " || ch === "	")
          ch = this.buffer[++i];
        if (!ch || ch === "#" || ch === "\n")
          return true;
        if (ch === "\r")
          return this.buffer[i + 1] === "\n";
        return false;
      }
      charAt(n) {
        return this.buffer[this.pos + n];
      }
      continueScalar(offset) {
        let ch = this.buffer[offset];
        if (this.indentNext > 0) {
          let indent = 0;
          while (ch === " ")
            ch = this.buffer[++indent + offset];
          if (ch === "\r") {
            const next = this.buffer[indent + offset + 1];
            if (next === "\n" || !next && !this.atEnd)
              return offset + indent + 1;
          }
          return ch === "\n" || indent >= this.indentNext || !ch && !this.atEnd ? offset + indent : -1;
        }
        if (ch === "-" || ch === ".") {
          const dt = this.buffer.substr(offset, 3);
          if ((dt === "---" || dt === "...") && isEmpty2(this.buffer[offset + 3]))
            return -1;
        }
        return offset;
      }
      getLine() {
        let end = this.lineEndPos;
        if (typeof end !== "number" || end !== -1 && end < this.pos) {
          end = this.buffer.indexOf("\n", this.pos);
          this.lineEndPos = end;
        }
        if (end === -1)
          return this.atEnd ? this.buffer.substring(this.pos) : null;
        if (this.buffer[end - 1] === "\r")
          end -= 1;
        return this.buffer.substring(this.pos, end);
      }
      hasChars(n) {
        return this.pos + n <= this.buffer.length;
      }
      setNext(state) {
        this.buffer = this.buffer.substring(this.pos);
        this.pos = 0;
        this.lineEndPos = null;
        this.next = state;
        return null;
      }
      peek(n) {
        return this.buffer.substr(this.pos, n);
      }
      *parseNext(next) {
        switch (next) {
          case "stream":
            return yield* this.parseStream();
          case "line-start":
            return yield* this.parseLineStart();
          case "block-start":
            return yield* this.parseBlockStart();
          case "doc":
            return yield* this.parseDocument();
          case "flow":
            return yield* this.parseFlowCollection();
          case "quoted-scalar":
            return yield* this.parseQuotedScalar();
          case "block-scalar":
            return yield* this.parseBlockScalar();
          case "plain-scalar":
            return yield* this.parsePlainScalar();
        }
      }
      *parseStream() {
        let line = this.getLine();
        if (line === null)
          return this.setNext("stream");
        if (line[0] === cst.BOM) {
          yield* this.pushCount(1);
          line = line.substring(1);
        }
        if (line[0] === "%") {
          let dirEnd = line.length;
          let cs = line.indexOf("#");
          while (cs !== -1) {
            const ch = line[cs - 1];
            if (ch === " " || ch === "	") {
              dirEnd = cs - 1;
              break;
            } else {
              cs = line.indexOf("#", cs + 1);
            }
          }
          while (true) {
            const ch = line[dirEnd - 1];
            if (ch === " " || ch === "	")
              dirEnd -= 1;
            else
              break;
          }
          const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
          yield* this.pushCount(line.length - n);
          this.pushNewline();
          return "stream";
        }
        if (this.atLineEnd()) {
          const sp = yield* this.pushSpaces(true);
          yield* this.pushCount(line.length - sp);
          yield* this.pushNewline();
          return "stream";
        }
        yield cst.DOCUMENT;
        return yield* this.parseLineStart();
      }
      *parseLineStart() {
        const ch = this.charAt(0);
        if (!ch && !this.atEnd)
          return this.setNext("line-start");
        if (ch === "-" || ch === ".") {
          if (!this.atEnd && !this.hasChars(4))
            return this.setNext("line-start");
          const s = this.peek(3);
          if ((s === "---" || s === "...") && isEmpty2(this.charAt(3))) {
            yield* this.pushCount(3);
            this.indentValue = 0;
            this.indentNext = 0;
            return s === "---" ? "doc" : "stream";
          }
        }
        this.indentValue = yield* this.pushSpaces(false);
        if (this.indentNext > this.indentValue && !isEmpty2(this.charAt(1)))
          this.indentNext = this.indentValue;
        return yield* this.parseBlockStart();
      }
      *parseBlockStart() {
        const [ch0, ch1] = this.peek(2);
        if (!ch1 && !this.atEnd)
          return this.setNext("block-start");
        if ((ch0 === "-" || ch0 === "?" || ch0 === ":") && isEmpty2(ch1)) {
          const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
          this.indentNext = this.indentValue + 1;
          this.indentValue += n;
          return "block-start";
        }
        return "doc";
      }
      *parseDocument() {
        yield* this.pushSpaces(true);
        const line = this.getLine();
        if (line === null)
          return this.setNext("doc");
        let n = yield* this.pushIndicators();
        switch (line[n]) {
          case "#":
            yield* this.pushCount(line.length - n);
          // fallthrough
          case void 0:
            yield* this.pushNewline();
            return yield* this.parseLineStart();
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel = 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            return "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "doc";
          case '"':
          case "'":
            return yield* this.parseQuotedScalar();
          case "|":
          case ">":
            n += yield* this.parseBlockScalarHeader();
            n += yield* this.pushSpaces(true);
            yield* this.pushCount(line.length - n);
            yield* this.pushNewline();
            return yield* this.parseBlockScalar();
          default:
            return yield* this.parsePlainScalar();
        }
      }
      *parseFlowCollection() {
        let nl, sp;
        let indent = -1;
        do {
          nl = yield* this.pushNewline();
          if (nl > 0) {
            sp = yield* this.pushSpaces(false);
            this.indentValue = indent = sp;
          } else {
            sp = 0;
          }
          sp += yield* this.pushSpaces(true);
        } while (nl + sp > 0);
        const line = this.getLine();
        if (line === null)
          return this.setNext("flow");
        if (indent !== -1 && indent < this.indentNext && line[0] !== "#" || indent === 0 && (line.startsWith("---") || line.startsWith("...")) && isEmpty2(line[3])) {
          const atFlowEndMarker = indent === this.indentNext - 1 && this.flowLevel === 1 && (line[0] === "]" || line[0] === "}");
          if (!atFlowEndMarker) {
            this.flowLevel = 0;
            yield cst.FLOW_END;
            return yield* this.parseLineStart();
          }
        }
        let n = 0;
        while (line[n] === ",") {
          n += yield* this.pushCount(1);
          n += yield* this.pushSpaces(true);
          this.flowKey = false;
        }
        n += yield* this.pushIndicators();
        switch (line[n]) {
          case void 0:
            return "flow";
          case "#":
            yield* this.pushCount(line.length - n);
            return "flow";
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel += 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            this.flowKey = true;
            this.flowLevel -= 1;
            return this.flowLevel ? "flow" : "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "flow";
          case '"':
          case "'":
            this.flowKey = true;
            return yield* this.parseQuotedScalar();
          case ":": {
            const next = this.charAt(1);
            if (this.flowKey || isEmpty2(next) || next === ",") {
              this.flowKey = false;
              yield* this.pushCount(1);
              yield* this.pushSpaces(true);
              return "flow";
            }
          }
          // fallthrough
          default:
            this.flowKey = false;
            return yield* this.parsePlainScalar();
        }
      }
      *parseQuotedScalar() {
        const quote3 = this.charAt(0);
        let end = this.buffer.indexOf(quote3, this.pos + 1);
        if (quote3 === "'") {
          while (end !== -1 && this.buffer[end + 1] === "'")
            end = this.buffer.indexOf("'", end + 2);
        } else {
          while (end !== -1) {
            let n = 0;
            while (this.buffer[end - 1 - n] === "\\")
              n += 1;
            if (n % 2 === 0)
              break;
            end = this.buffer.indexOf('"', end + 1);
          }
        }
        const qb = this.buffer.substring(0, end);
        let nl = qb.indexOf("\n", this.pos);
        if (nl !== -1) {
          while (nl !== -1) {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = qb.indexOf("\n", cs);
          }
          if (nl !== -1) {
            end = nl - (qb[nl - 1] === "\r" ? 2 : 1);
          }
        }
        if (end === -1) {
          if (!this.atEnd)
            return this.setNext("quoted-scalar");
          end = this.buffer.length;
        }
        yield* this.pushToIndex(end + 1, false);
        return this.flowLevel ? "flow" : "doc";
      }
      *parseBlockScalarHeader() {
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        let i = this.pos;
        while (true) {
          const ch = this.buffer[++i];
          if (ch === "+")
            this.blockScalarKeep = true;
          else if (ch > "0" && ch <= "9")
            this.blockScalarIndent = Number(ch) - 1;
          else if (ch !== "-")
            break;
        }
        return yield* this.pushUntil((ch) => isEmpty2(ch) || ch === "#");
      }
      *parseBlockScalar() {
        let nl = this.pos - 1;
        let indent = 0;
        let ch;
        loop: for (let i2 = this.pos; ch = this.buffer[i2]; ++i2) {
          switch (ch) {
            case " ":
              indent += 1;
              break;
            case "\n":
              nl = i2;
              indent = 0;
              break;
            case "\r": {
              const next = this.buffer[i2 + 1];
              if (!next && !this.atEnd)
                return this.setNext("block-scalar");
              if (next === "\n")
                break;
            }
            // fallthrough
            default:
              break loop;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("block-scalar");
        if (indent >= this.indentNext) {
          if (this.blockScalarIndent === -1)
            this.indentNext = indent;
          else {
            this.indentNext = this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
          }
          do {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = this.buffer.indexOf("\n", cs);
          } while (nl !== -1);
          if (nl === -1) {
            if (!this.atEnd)
              return this.setNext("block-scalar");
            nl = this.buffer.length;
          }
        }
        let i = nl + 1;
        ch = this.buffer[i];
        while (ch === " ")
          ch = this.buffer[++i];
        if (ch === "	") {
          while (ch === "	" || ch === " " || ch === "\r" || ch === "\n")
            ch = this.buffer[++i];
          nl = i - 1;
        } else if (!this.blockScalarKeep) {
          do {
            let i2 = nl - 1;
            let ch2 = this.buffer[i2];
            if (ch2 === "\r")
              ch2 = this.buffer[--i2];
            const lastChar = i2;
            while (ch2 === " ")
              ch2 = this.buffer[--i2];
            if (ch2 === "\n" && i2 >= this.pos && i2 + 1 + indent > lastChar)
              nl = i2;
            else
              break;
          } while (true);
        }
        yield cst.SCALAR;
        yield* this.pushToIndex(nl + 1, true);
        return yield* this.parseLineStart();
      }
      *parsePlainScalar() {
        const inFlow = this.flowLevel > 0;
        let end = this.pos - 1;
        let i = this.pos - 1;
        let ch;
        while (ch = this.buffer[++i]) {
          if (ch === ":") {
            const next = this.buffer[i + 1];
            if (isEmpty2(next) || inFlow && flowIndicatorChars.has(next))
              break;
            end = i;
          } else if (isEmpty2(ch)) {
            let next = this.buffer[i + 1];
            if (ch === "\r") {
              if (next === "\n") {
                i += 1;
                ch = "\n";
                next = this.buffer[i + 1];
              } else
                end = i;
            }
            if (next === "#" || inFlow && flowIndicatorChars.has(next))
              break;
            if (ch === "\n") {
              const cs = this.continueScalar(i + 1);
              if (cs === -1)
                break;
              i = Math.max(i, cs - 2);
            }
          } else {
            if (inFlow && flowIndicatorChars.has(ch))
              break;
            end = i;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("plain-scalar");
        yield cst.SCALAR;
        yield* this.pushToIndex(end + 1, true);
        return inFlow ? "flow" : "doc";
      }
      *pushCount(n) {
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos += n;
          return n;
        }
        return 0;
      }
      *pushToIndex(i, allowEmpty) {
        const s = this.buffer.slice(this.pos, i);
        if (s) {
          yield s;
          this.pos += s.length;
          return s.length;
        } else if (allowEmpty)
          yield "";
        return 0;
      }
      *pushIndicators() {
        let n = 0;
        loop: while (true) {
          switch (this.charAt(0)) {
            case "!":
              n += yield* this.pushTag();
              n += yield* this.pushSpaces(true);
              continue loop;
            case "&":
              n += yield* this.pushUntil(isNotAnchorChar);
              n += yield* this.pushSpaces(true);
              continue loop;
            case "-":
            // this is an error
            case "?":
            // this is an error outside flow collections
            case ":": {
              const inFlow = this.flowLevel > 0;
              const ch1 = this.charAt(1);
              if (isEmpty2(ch1) || inFlow && flowIndicatorChars.has(ch1)) {
                if (!inFlow)
                  this.indentNext = this.indentValue + 1;
                else if (this.flowKey)
                  this.flowKey = false;
                n += yield* this.pushCount(1);
                n += yield* this.pushSpaces(true);
                continue loop;
              }
            }
          }
          break loop;
        }
        return n;
      }
      *pushTag() {
        if (this.charAt(1) === "<") {
          let i = this.pos + 2;
          let ch = this.buffer[i];
          while (!isEmpty2(ch) && ch !== ">")
            ch = this.buffer[++i];
          return yield* this.pushToIndex(ch === ">" ? i + 1 : i, false);
        } else {
          let i = this.pos + 1;
          let ch = this.buffer[i];
          while (ch) {
            if (tagChars.has(ch))
              ch = this.buffer[++i];
            else if (ch === "%" && hexDigits.has(this.buffer[i + 1]) && hexDigits.has(this.buffer[i + 2])) {
              ch = this.buffer[i += 3];
            } else
              break;
          }
          return yield* this.pushToIndex(i, false);
        }
      }
      *pushNewline() {
        const ch = this.buffer[this.pos];
        if (ch === "\n")
          return yield* this.pushCount(1);
        else if (ch === "\r" && this.charAt(1) === "\n")
          return yield* this.pushCount(2);
        else
          return 0;
      }
      *pushSpaces(allowTabs) {
        let i = this.pos - 1;
        let ch;
        do {
          ch = this.buffer[++i];
        } while (ch === " " || allowTabs && ch === "	");
        const n = i - this.pos;
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos = i;
        }
        return n;
      }
      *pushUntil(test) {
        let i = this.pos;
        let ch = this.buffer[i];
        while (!test(ch))
          ch = this.buffer[++i];
        return yield* this.pushToIndex(i, false);
      }
    };
    exports.Lexer = Lexer;
  }
});

// node_modules/yaml/dist/parse/line-counter.js
var require_line_counter = __commonJS({
  "node_modules/yaml/dist/parse/line-counter.js"(exports) {
    "use strict";
    var LineCounter2 = class {
      constructor() {
        this.lineStarts = [];
        this.addNewLine = (offset) => this.lineStarts.push(offset);
        this.linePos = (offset) => {
          let low = 0;
          let high = this.lineStarts.length;
          while (low < high) {
            const mid = low + high >> 1;
            if (this.lineStarts[mid] < offset)
              low = mid + 1;
            else
              high = mid;
          }
          if (this.lineStarts[low] === offset)
            return { line: low + 1, col: 1 };
          if (low === 0)
            return { line: 0, col: offset };
          const start = this.lineStarts[low - 1];
          return { line: low, col: offset - start + 1 };
        };
      }
    };
    exports.LineCounter = LineCounter2;
  }
});

// node_modules/yaml/dist/parse/parser.js
var require_parser = __commonJS({
  "node_modules/yaml/dist/parse/parser.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var cst = require_cst();
    var lexer = require_lexer();
    function includesToken(list, type) {
      for (let i = 0; i < list.length; ++i)
        if (list[i].type === type)
          return true;
      return false;
    }
    function findNonEmptyIndex(list) {
      for (let i = 0; i < list.length; ++i) {
        switch (list[i].type) {
          case "space":
          case "comment":
          case "newline":
            break;
          default:
            return i;
        }
      }
      return -1;
    }
    function isFlowToken(token) {
      switch (token?.type) {
        case "alias":
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "flow-collection":
          return true;
        default:
          return false;
      }
    }
    function getPrevProps(parent) {
      switch (parent.type) {
        case "document":
          return parent.start;
        case "block-map": {
          const it = parent.items[parent.items.length - 1];
          return it.sep ?? it.start;
        }
        case "block-seq":
          return parent.items[parent.items.length - 1].start;
        /* istanbul ignore next should not happen */
        default:
          return [];
      }
    }
    function getFirstKeyStartProps(prev) {
      if (prev.length === 0)
        return [];
      let i = prev.length;
      loop: while (--i >= 0) {
        switch (prev[i].type) {
          case "doc-start":
          case "explicit-key-ind":
          case "map-value-ind":
          case "seq-item-ind":
          case "newline":
            break loop;
        }
      }
      while (prev[++i]?.type === "space") {
      }
      return prev.splice(i, prev.length);
    }
    function arrayPushArray(target, source) {
      if (source.length < 1e5)
        Array.prototype.push.apply(target, source);
      else
        for (let i = 0; i < source.length; ++i)
          target.push(source[i]);
    }
    function fixFlowSeqItems(fc) {
      if (fc.start.type === "flow-seq-start") {
        for (const it of fc.items) {
          if (it.sep && !it.value && !includesToken(it.start, "explicit-key-ind") && !includesToken(it.sep, "map-value-ind")) {
            if (it.key)
              it.value = it.key;
            delete it.key;
            if (isFlowToken(it.value)) {
              if (it.value.end)
                arrayPushArray(it.value.end, it.sep);
              else
                it.value.end = it.sep;
            } else
              arrayPushArray(it.start, it.sep);
            delete it.sep;
          }
        }
      }
    }
    var Parser = class {
      /**
       * @param onNewLine - If defined, called separately with the start position of
       *   each new line (in `parse()`, including the start of input).
       */
      constructor(onNewLine) {
        this.atNewLine = true;
        this.atScalar = false;
        this.indent = 0;
        this.offset = 0;
        this.onKeyLine = false;
        this.stack = [];
        this.source = "";
        this.type = "";
        this.lexer = new lexer.Lexer();
        this.onNewLine = onNewLine;
      }
      /**
       * Parse `source` as a YAML stream.
       * If `incomplete`, a part of the last line may be left as a buffer for the next call.
       *
       * Errors are not thrown, but yielded as `{ type: 'error', message }` tokens.
       *
       * @returns A generator of tokens representing each directive, document, and other structure.
       */
      *parse(source, incomplete = false) {
        if (this.onNewLine && this.offset === 0)
          this.onNewLine(0);
        for (const lexeme of this.lexer.lex(source, incomplete))
          yield* this.next(lexeme);
        if (!incomplete)
          yield* this.end();
      }
      /**
       * Advance the parser by the `source` of one lexical token.
       */
      *next(source) {
        this.source = source;
        if (node_process.env.LOG_TOKENS)
          console.log("|", cst.prettyToken(source));
        if (this.atScalar) {
          this.atScalar = false;
          yield* this.step();
          this.offset += source.length;
          return;
        }
        const type = cst.tokenType(source);
        if (!type) {
          const message = `Not a YAML token: ${source}`;
          yield* this.pop({ type: "error", offset: this.offset, message, source });
          this.offset += source.length;
        } else if (type === "scalar") {
          this.atNewLine = false;
          this.atScalar = true;
          this.type = "scalar";
        } else {
          this.type = type;
          yield* this.step();
          switch (type) {
            case "newline":
              this.atNewLine = true;
              this.indent = 0;
              if (this.onNewLine)
                this.onNewLine(this.offset + source.length);
              break;
            case "space":
              if (this.atNewLine && source[0] === " ")
                this.indent += source.length;
              break;
            case "explicit-key-ind":
            case "map-value-ind":
            case "seq-item-ind":
              if (this.atNewLine)
                this.indent += source.length;
              break;
            case "doc-mode":
            case "flow-error-end":
              return;
            default:
              this.atNewLine = false;
          }
          this.offset += source.length;
        }
      }
      /** Call at end of input to push out any remaining constructions */
      *end() {
        while (this.stack.length > 0)
          yield* this.pop();
      }
      get sourceToken() {
        const st = {
          type: this.type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
        return st;
      }
      *step() {
        const top = this.peek(1);
        if (this.type === "doc-end" && top?.type !== "doc-end") {
          while (this.stack.length > 0)
            yield* this.pop();
          this.stack.push({
            type: "doc-end",
            offset: this.offset,
            source: this.source
          });
          return;
        }
        if (!top)
          return yield* this.stream();
        switch (top.type) {
          case "document":
            return yield* this.document(top);
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return yield* this.scalar(top);
          case "block-scalar":
            return yield* this.blockScalar(top);
          case "block-map":
            return yield* this.blockMap(top);
          case "block-seq":
            return yield* this.blockSequence(top);
          case "flow-collection":
            return yield* this.flowCollection(top);
          case "doc-end":
            return yield* this.documentEnd(top);
        }
        yield* this.pop();
      }
      peek(n) {
        return this.stack[this.stack.length - n];
      }
      *pop(error) {
        const token = error ?? this.stack.pop();
        if (!token) {
          const message = "Tried to pop an empty stack";
          yield { type: "error", offset: this.offset, source: "", message };
        } else if (this.stack.length === 0) {
          yield token;
        } else {
          const top = this.peek(1);
          if (token.type === "block-scalar") {
            token.indent = "indent" in top ? top.indent : 0;
          } else if (token.type === "flow-collection" && top.type === "document") {
            token.indent = 0;
          }
          if (token.type === "flow-collection")
            fixFlowSeqItems(token);
          switch (top.type) {
            case "document":
              top.value = token;
              break;
            case "block-scalar":
              top.props.push(token);
              break;
            case "block-map": {
              const it = top.items[top.items.length - 1];
              if (it.value) {
                top.items.push({ start: [], key: token, sep: [] });
                this.onKeyLine = true;
                return;
              } else if (it.sep) {
                it.value = token;
              } else {
                Object.assign(it, { key: token, sep: [] });
                this.onKeyLine = !it.explicitKey;
                return;
              }
              break;
            }
            case "block-seq": {
              const it = top.items[top.items.length - 1];
              if (it.value)
                top.items.push({ start: [], value: token });
              else
                it.value = token;
              break;
            }
            case "flow-collection": {
              const it = top.items[top.items.length - 1];
              if (!it || it.value)
                top.items.push({ start: [], key: token, sep: [] });
              else if (it.sep)
                it.value = token;
              else
                Object.assign(it, { key: token, sep: [] });
              return;
            }
            /* istanbul ignore next should not happen */
            default:
              yield* this.pop();
              yield* this.pop(token);
          }
          if ((top.type === "document" || top.type === "block-map" || top.type === "block-seq") && (token.type === "block-map" || token.type === "block-seq")) {
            const last = token.items[token.items.length - 1];
            if (last && !last.sep && !last.value && last.start.length > 0 && findNonEmptyIndex(last.start) === -1 && (token.indent === 0 || last.start.every((st) => st.type !== "comment" || st.indent < token.indent))) {
              if (top.type === "document")
                top.end = last.start;
              else
                top.items.push({ start: last.start });
              token.items.splice(-1, 1);
            }
          }
        }
      }
      *stream() {
        switch (this.type) {
          case "directive-line":
            yield { type: "directive", offset: this.offset, source: this.source };
            return;
          case "byte-order-mark":
          case "space":
          case "comment":
          case "newline":
            yield this.sourceToken;
            return;
          case "doc-mode":
          case "doc-start": {
            const doc = {
              type: "document",
              offset: this.offset,
              start: []
            };
            if (this.type === "doc-start")
              doc.start.push(this.sourceToken);
            this.stack.push(doc);
            return;
          }
        }
        yield {
          type: "error",
          offset: this.offset,
          message: `Unexpected ${this.type} token in YAML stream`,
          source: this.source
        };
      }
      *document(doc) {
        if (doc.value)
          return yield* this.lineEnd(doc);
        switch (this.type) {
          case "doc-start": {
            if (findNonEmptyIndex(doc.start) !== -1) {
              yield* this.pop();
              yield* this.step();
            } else
              doc.start.push(this.sourceToken);
            return;
          }
          case "anchor":
          case "tag":
          case "space":
          case "comment":
          case "newline":
            doc.start.push(this.sourceToken);
            return;
        }
        const bv = this.startBlockValue(doc);
        if (bv)
          this.stack.push(bv);
        else {
          yield {
            type: "error",
            offset: this.offset,
            message: `Unexpected ${this.type} token in YAML document`,
            source: this.source
          };
        }
      }
      *scalar(scalar) {
        if (this.type === "map-value-ind") {
          const prev = getPrevProps(this.peek(2));
          const start = getFirstKeyStartProps(prev);
          let sep;
          if (scalar.end) {
            sep = scalar.end;
            sep.push(this.sourceToken);
            delete scalar.end;
          } else
            sep = [this.sourceToken];
          const map = {
            type: "block-map",
            offset: scalar.offset,
            indent: scalar.indent,
            items: [{ start, key: scalar, sep }]
          };
          this.onKeyLine = true;
          this.stack[this.stack.length - 1] = map;
        } else
          yield* this.lineEnd(scalar);
      }
      *blockScalar(scalar) {
        switch (this.type) {
          case "space":
          case "comment":
          case "newline":
            scalar.props.push(this.sourceToken);
            return;
          case "scalar":
            scalar.source = this.source;
            this.atNewLine = true;
            this.indent = 0;
            if (this.onNewLine) {
              let nl = this.source.indexOf("\n") + 1;
              while (nl !== 0) {
                this.onNewLine(this.offset + nl);
                nl = this.source.indexOf("\n", nl) + 1;
              }
            }
            yield* this.pop();
            break;
          /* istanbul ignore next should not happen */
          default:
            yield* this.pop();
            yield* this.step();
        }
      }
      *blockMap(map) {
        const it = map.items[map.items.length - 1];
        switch (this.type) {
          case "newline":
            this.onKeyLine = false;
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              it.start.push(this.sourceToken);
            }
            return;
          case "space":
          case "comment":
            if (it.value) {
              map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              if (this.atIndentedComment(it.start, map.indent)) {
                const prev = map.items[map.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  map.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
        }
        if (this.indent >= map.indent) {
          const atMapIndent = !this.onKeyLine && this.indent === map.indent;
          const atNextItem = atMapIndent && (it.sep || it.explicitKey) && this.type !== "seq-item-ind";
          let start = [];
          if (atNextItem && it.sep && !it.value) {
            const nl = [];
            for (let i = 0; i < it.sep.length; ++i) {
              const st = it.sep[i];
              switch (st.type) {
                case "newline":
                  nl.push(i);
                  break;
                case "space":
                  break;
                case "comment":
                  if (st.indent > map.indent)
                    nl.length = 0;
                  break;
                default:
                  nl.length = 0;
              }
            }
            if (nl.length >= 2)
              start = it.sep.splice(nl[1]);
          }
          switch (this.type) {
            case "anchor":
            case "tag":
              if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start });
                this.onKeyLine = true;
              } else if (it.sep) {
                it.sep.push(this.sourceToken);
              } else {
                it.start.push(this.sourceToken);
              }
              return;
            case "explicit-key-ind":
              if (!it.sep && !it.explicitKey) {
                it.start.push(this.sourceToken);
                it.explicitKey = true;
              } else if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start, explicitKey: true });
              } else {
                this.stack.push({
                  type: "block-map",
                  offset: this.offset,
                  indent: this.indent,
                  items: [{ start: [this.sourceToken], explicitKey: true }]
                });
              }
              this.onKeyLine = true;
              return;
            case "map-value-ind":
              if (it.explicitKey) {
                if (!it.sep) {
                  if (includesToken(it.start, "newline")) {
                    Object.assign(it, { key: null, sep: [this.sourceToken] });
                  } else {
                    const start2 = getFirstKeyStartProps(it.start);
                    this.stack.push({
                      type: "block-map",
                      offset: this.offset,
                      indent: this.indent,
                      items: [{ start: start2, key: null, sep: [this.sourceToken] }]
                    });
                  }
                } else if (it.value) {
                  map.items.push({ start: [], key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start, key: null, sep: [this.sourceToken] }]
                  });
                } else if (isFlowToken(it.key) && !includesToken(it.sep, "newline")) {
                  const start2 = getFirstKeyStartProps(it.start);
                  const key = it.key;
                  const sep = it.sep;
                  sep.push(this.sourceToken);
                  delete it.key;
                  delete it.sep;
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: start2, key, sep }]
                  });
                } else if (start.length > 0) {
                  it.sep = it.sep.concat(start, this.sourceToken);
                } else {
                  it.sep.push(this.sourceToken);
                }
              } else {
                if (!it.sep) {
                  Object.assign(it, { key: null, sep: [this.sourceToken] });
                } else if (it.value || atNextItem) {
                  map.items.push({ start, key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: [], key: null, sep: [this.sourceToken] }]
                  });
                } else {
                  it.sep.push(this.sourceToken);
                }
              }
              this.onKeyLine = true;
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (atNextItem || it.value) {
                map.items.push({ start, key: fs, sep: [] });
                this.onKeyLine = true;
              } else if (it.sep) {
                this.stack.push(fs);
              } else {
                Object.assign(it, { key: fs, sep: [] });
                this.onKeyLine = true;
              }
              return;
            }
            default: {
              const bv = this.startBlockValue(map);
              if (bv) {
                if (bv.type === "block-seq") {
                  if (!it.explicitKey && it.sep && !includesToken(it.sep, "newline")) {
                    yield* this.pop({
                      type: "error",
                      offset: this.offset,
                      message: "Unexpected block-seq-ind on same line with key",
                      source: this.source
                    });
                    return;
                  }
                } else if (atMapIndent) {
                  map.items.push({ start });
                }
                this.stack.push(bv);
                return;
              }
            }
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *blockSequence(seq) {
        const it = seq.items[seq.items.length - 1];
        switch (this.type) {
          case "newline":
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                seq.items.push({ start: [this.sourceToken] });
            } else
              it.start.push(this.sourceToken);
            return;
          case "space":
          case "comment":
            if (it.value)
              seq.items.push({ start: [this.sourceToken] });
            else {
              if (this.atIndentedComment(it.start, seq.indent)) {
                const prev = seq.items[seq.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  seq.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
          case "anchor":
          case "tag":
            if (it.value || this.indent <= seq.indent)
              break;
            it.start.push(this.sourceToken);
            return;
          case "seq-item-ind":
            if (this.indent !== seq.indent)
              break;
            if (it.value || includesToken(it.start, "seq-item-ind"))
              seq.items.push({ start: [this.sourceToken] });
            else
              it.start.push(this.sourceToken);
            return;
        }
        if (this.indent > seq.indent) {
          const bv = this.startBlockValue(seq);
          if (bv) {
            this.stack.push(bv);
            return;
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *flowCollection(fc) {
        const it = fc.items[fc.items.length - 1];
        if (this.type === "flow-error-end") {
          let top;
          do {
            yield* this.pop();
            top = this.peek(1);
          } while (top?.type === "flow-collection");
        } else if (fc.end.length === 0) {
          switch (this.type) {
            case "comma":
            case "explicit-key-ind":
              if (!it || it.sep)
                fc.items.push({ start: [this.sourceToken] });
              else
                it.start.push(this.sourceToken);
              return;
            case "map-value-ind":
              if (!it || it.value)
                fc.items.push({ start: [], key: null, sep: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                Object.assign(it, { key: null, sep: [this.sourceToken] });
              return;
            case "space":
            case "comment":
            case "newline":
            case "anchor":
            case "tag":
              if (!it || it.value)
                fc.items.push({ start: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                it.start.push(this.sourceToken);
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (!it || it.value)
                fc.items.push({ start: [], key: fs, sep: [] });
              else if (it.sep)
                this.stack.push(fs);
              else
                Object.assign(it, { key: fs, sep: [] });
              return;
            }
            case "flow-map-end":
            case "flow-seq-end":
              fc.end.push(this.sourceToken);
              return;
          }
          const bv = this.startBlockValue(fc);
          if (bv)
            this.stack.push(bv);
          else {
            yield* this.pop();
            yield* this.step();
          }
        } else {
          const parent = this.peek(2);
          if (parent.type === "block-map" && (this.type === "map-value-ind" && parent.indent === fc.indent || this.type === "newline" && !parent.items[parent.items.length - 1].sep)) {
            yield* this.pop();
            yield* this.step();
          } else if (this.type === "map-value-ind" && parent.type !== "flow-collection") {
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            fixFlowSeqItems(fc);
            const sep = fc.end.splice(1, fc.end.length);
            sep.push(this.sourceToken);
            const map = {
              type: "block-map",
              offset: fc.offset,
              indent: fc.indent,
              items: [{ start, key: fc, sep }]
            };
            this.onKeyLine = true;
            this.stack[this.stack.length - 1] = map;
          } else {
            yield* this.lineEnd(fc);
          }
        }
      }
      flowScalar(type) {
        if (this.onNewLine) {
          let nl = this.source.indexOf("\n") + 1;
          while (nl !== 0) {
            this.onNewLine(this.offset + nl);
            nl = this.source.indexOf("\n", nl) + 1;
          }
        }
        return {
          type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
      }
      startBlockValue(parent) {
        switch (this.type) {
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return this.flowScalar(this.type);
          case "block-scalar-header":
            return {
              type: "block-scalar",
              offset: this.offset,
              indent: this.indent,
              props: [this.sourceToken],
              source: ""
            };
          case "flow-map-start":
          case "flow-seq-start":
            return {
              type: "flow-collection",
              offset: this.offset,
              indent: this.indent,
              start: this.sourceToken,
              items: [],
              end: []
            };
          case "seq-item-ind":
            return {
              type: "block-seq",
              offset: this.offset,
              indent: this.indent,
              items: [{ start: [this.sourceToken] }]
            };
          case "explicit-key-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            start.push(this.sourceToken);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, explicitKey: true }]
            };
          }
          case "map-value-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, key: null, sep: [this.sourceToken] }]
            };
          }
        }
        return null;
      }
      atIndentedComment(start, indent) {
        if (this.type !== "comment")
          return false;
        if (this.indent <= indent)
          return false;
        return start.every((st) => st.type === "newline" || st.type === "space");
      }
      *documentEnd(docEnd) {
        if (this.type !== "doc-mode") {
          if (docEnd.end)
            docEnd.end.push(this.sourceToken);
          else
            docEnd.end = [this.sourceToken];
          if (this.type === "newline")
            yield* this.pop();
        }
      }
      *lineEnd(token) {
        switch (this.type) {
          case "comma":
          case "doc-start":
          case "doc-end":
          case "flow-seq-end":
          case "flow-map-end":
          case "map-value-ind":
            yield* this.pop();
            yield* this.step();
            break;
          case "newline":
            this.onKeyLine = false;
          // fallthrough
          case "space":
          case "comment":
          default:
            if (token.end)
              token.end.push(this.sourceToken);
            else
              token.end = [this.sourceToken];
            if (this.type === "newline")
              yield* this.pop();
        }
      }
    };
    exports.Parser = Parser;
  }
});

// node_modules/yaml/dist/public-api.js
var require_public_api = __commonJS({
  "node_modules/yaml/dist/public-api.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var errors = require_errors();
    var log = require_log();
    var identity = require_identity();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    function parseOptions(options) {
      const prettyErrors = options.prettyErrors !== false;
      const lineCounter$1 = options.lineCounter || prettyErrors && new lineCounter.LineCounter() || null;
      return { lineCounter: lineCounter$1, prettyErrors };
    }
    function parseAllDocuments(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      const docs = Array.from(composer$1.compose(parser$1.parse(source)));
      if (prettyErrors && lineCounter2)
        for (const doc of docs) {
          doc.errors.forEach(errors.prettifyError(source, lineCounter2));
          doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
        }
      if (docs.length > 0)
        return docs;
      return Object.assign([], { empty: true }, composer$1.streamInfo());
    }
    function parseDocument2(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      let doc = null;
      for (const _doc of composer$1.compose(parser$1.parse(source), true, source.length)) {
        if (!doc)
          doc = _doc;
        else if (doc.options.logLevel !== "silent") {
          doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0, 2), "MULTIPLE_DOCS", "Source contains multiple documents; please use YAML.parseAllDocuments()"));
          break;
        }
      }
      if (prettyErrors && lineCounter2) {
        doc.errors.forEach(errors.prettifyError(source, lineCounter2));
        doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
      }
      return doc;
    }
    function parse(src, reviver, options) {
      let _reviver = void 0;
      if (typeof reviver === "function") {
        _reviver = reviver;
      } else if (options === void 0 && reviver && typeof reviver === "object") {
        options = reviver;
      }
      const doc = parseDocument2(src, options);
      if (!doc)
        return null;
      doc.warnings.forEach((warning) => log.warn(doc.options.logLevel, warning));
      if (doc.errors.length > 0) {
        if (doc.options.logLevel !== "silent")
          throw doc.errors[0];
        else
          doc.errors = [];
      }
      return doc.toJS(Object.assign({ reviver: _reviver }, options));
    }
    function stringify(value, replacer, options) {
      let _replacer = null;
      if (typeof replacer === "function" || Array.isArray(replacer)) {
        _replacer = replacer;
      } else if (options === void 0 && replacer) {
        options = replacer;
      }
      if (typeof options === "string")
        options = options.length;
      if (typeof options === "number") {
        const indent = Math.round(options);
        options = indent < 1 ? void 0 : indent > 8 ? { indent: 8 } : { indent };
      }
      if (value === void 0) {
        const { keepUndefined } = options ?? replacer ?? {};
        if (!keepUndefined)
          return void 0;
      }
      if (identity.isDocument(value) && !_replacer)
        return value.toString(options);
      return new Document.Document(value, _replacer, options).toString(options);
    }
    exports.parse = parse;
    exports.parseAllDocuments = parseAllDocuments;
    exports.parseDocument = parseDocument2;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/index.js
var require_dist = __commonJS({
  "node_modules/yaml/dist/index.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var Schema = require_Schema();
    var errors = require_errors();
    var Alias = require_Alias();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var cst = require_cst();
    var lexer = require_lexer();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    var publicApi = require_public_api();
    var visit = require_visit();
    exports.Composer = composer.Composer;
    exports.Document = Document.Document;
    exports.Schema = Schema.Schema;
    exports.YAMLError = errors.YAMLError;
    exports.YAMLParseError = errors.YAMLParseError;
    exports.YAMLWarning = errors.YAMLWarning;
    exports.Alias = Alias.Alias;
    exports.isAlias = identity.isAlias;
    exports.isCollection = identity.isCollection;
    exports.isDocument = identity.isDocument;
    exports.isMap = identity.isMap;
    exports.isNode = identity.isNode;
    exports.isPair = identity.isPair;
    exports.isScalar = identity.isScalar;
    exports.isSeq = identity.isSeq;
    exports.Pair = Pair.Pair;
    exports.Scalar = Scalar.Scalar;
    exports.YAMLMap = YAMLMap.YAMLMap;
    exports.YAMLSeq = YAMLSeq.YAMLSeq;
    exports.CST = cst;
    exports.Lexer = lexer.Lexer;
    exports.LineCounter = lineCounter.LineCounter;
    exports.Parser = parser.Parser;
    exports.parse = publicApi.parse;
    exports.parseAllDocuments = publicApi.parseAllDocuments;
    exports.parseDocument = publicApi.parseDocument;
    exports.stringify = publicApi.stringify;
    exports.visit = visit.visit;
    exports.visitAsync = visit.visitAsync;
  }
});

// src/cluster/cluster.ts
function hostsWith(cluster, role) {
  return cluster.hosts.filter((host2) => host2.roles.includes(role));
}
function etcdEndpoints(cluster) {
  return hostsWith(cluster, "etcd").map((host2) => `https://${host2.address}:2379`);
}

// src/cluster/versions.ts
var defaultVersions = {
  kubernetes: "1.37.2",
  etcd: "3.7.3",
  containerd: "2.4.2",
  runc: "1.5.2",
  cniPlugins: "1.9.1",
  flannel: "0.28.10",
  pause: "3.10.2",
  coredns: "1.15.0",
  metricsServer: "0.9.0"
};
var supportedMinors = [34, 35, 36, 37];

// src/cluster/schema.ts
var text = string().min(1);
var port = int().min(1).max(65535);
var version = string().regex(/^v?\d+\.\d+\.\d+$/, "a version is written as 1.37.2").overwrite((value) => value.replace(/^v/, ""));
var dnsLabel = string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a name has up to 63 lower-case letters, digits and inner hyphens");
var dnsName = string().max(253).regex(
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  "a DNS name has lower-case letters, digits, hyphens and dots"
);
var absolutePath = string().regex(/^\/[\w@%+=:,./-]+$/, "write an absolute path without spaces");
var reachable = string().regex(/^[A-Za-z0-9:][\w.:-]*$/, "write a DNS name or an address, without user, port and scheme");
var userName = string().regex(/^[A-Za-z_][\w.-]{0,31}$/, "write the name of a user, as root or ops");
var device = string().regex(/^[A-Za-z0-9_][\w.:@-]{0,14}$/, "write the name of an interface, as eth0");
var noProxy = string().regex(/^[\w.:/*[\]-]+$/, "write one name, domain or subnet, as .example.com");
var fragment = record(string(), unknown());
var extraArgs = array(
  strictObject({
    name: text.describe("The flag, without its hyphens."),
    value: string().describe("Its value, in quotes when it is a number or true or false.")
  })
).default([]).describe("Flags to add or to override, in the form of kubeadm v1beta4: a list of name and value.");
var component = strictObject({ extraArgs });
var jumpHost = strictObject({
  address: reachable.describe("Address or DNS name of the bastion."),
  port: port.default(22).describe("Its SSH port."),
  user: userName.default("root").describe("The user there; it needs no rights but to forward connections.")
}).optional().describe("The bastion through which hosts on a private network are reached.");
var ssh = strictObject({
  user: userName.default("root").describe("root, or an ordinary user with passwordless sudo."),
  port: port.default(22).describe("SSH port of the hosts."),
  jumpHost
});
var hostSsh = strictObject({
  address: reachable.optional().describe("Where the runner reaches it, when that differs."),
  user: userName.optional().describe("Instead of ssh.user."),
  port: port.optional().describe("Instead of ssh.port."),
  jumpHost
}).prefault({}).describe("How the runner reaches this host, where that differs from the other hosts.");
var taint = strictObject({
  key: text.describe("As dedicated or example.com/dedicated."),
  value: string().optional().describe("What a toleration has to equal."),
  effect: _enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).describe("What happens to pods that don\u2019t tolerate it.")
});
var roles = ["etcd", "master", "node"];
var host = strictObject({
  name: dnsName.describe("How this file, logs and the cluster call the host."),
  address: text.describe("The IPv4 address by which the other hosts reach it."),
  roles: array(_enum(roles)).min(1).describe(
    "etcd: a member of etcd. master: API server, controller-manager and scheduler. node: runs pods. Any combination."
  ),
  hostname: dnsName.optional().describe("Set as the host\u2019s own name; absent: the host keeps the name it has."),
  interface: device.optional().describe("The network interface for pod traffic; absent: the one that has the address."),
  ssh: hostSsh,
  labels: record(string(), string()).default({}).describe("Labels of the node."),
  taints: array(taint).default([]).describe("Taints of the node when it registers.")
});
var versions = strictObject({
  etcd: version.default(defaultVersions.etcd).describe("etcd, 3.5.24 or later."),
  containerd: version.default(defaultVersions.containerd).describe("containerd, 2.0 or later."),
  runc: version.default(defaultVersions.runc).describe("runc."),
  cniPlugins: version.default(defaultVersions.cniPlugins).describe("The CNI plugins."),
  flannel: version.default(defaultVersions.flannel).describe("flannel, and its CNI plugin that goes with it."),
  pause: string().regex(/^\d+\.\d+(\.\d+)?$/, 'a version of pause is written as "3.10.2", in quotes when it has two parts').default(defaultVersions.pause).describe("The image that holds a pod\u2019s namespaces."),
  coredns: version.default(defaultVersions.coredns).describe("CoreDNS."),
  metricsServer: version.default(defaultVersions.metricsServer).describe("metrics-server.")
}).describe("Versions of what is installed beside Kubernetes.");
var network = strictObject({
  serviceSubnet: text.default("10.96.0.0/12").describe(
    "Subnet of the Services. Its first address is that of the API, its second that of DNS. Can\u2019t be changed later."
  ),
  podSubnet: text.default("10.244.0.0/16").describe("Subnet of the pods. Can\u2019t be changed later."),
  nodeCidrMaskSize: int().min(16).max(30).default(24).describe("Size of the subnet that each node gets out of podSubnet."),
  serviceNodePortRange: string().regex(/^\d+-\d+$/, "a range of ports is written as 30000-32767").default("30000-32767").describe("Ports of Services of type NodePort."),
  dnsDomain: dnsName.default("cluster.local").describe("Domain of the cluster\u2019s own names, as in SERVICE.NAMESPACE.svc.cluster.local. Can\u2019t be changed later."),
  plugin: _enum(["flannel", "none"]).default("flannel").describe("What connects the pods. none: bring your own by addons.manifests.")
});
var seconds = (most) => number().min(0.1).max(most);
var election = union(
  [
    _enum(["default", "fast"]),
    strictObject({
      leaseDuration: int().min(1).max(300).describe("Whole seconds after which a silent leader has lost its lease."),
      renewDeadline: seconds(300).describe("Seconds after which a leader that can\u2019t renew its lease gives up."),
      retryPeriod: seconds(60).describe("Seconds between two renewals, and between two looks of the others.")
    })
  ],
  { error: "write default, fast, or { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 } in seconds" }
);
var registry = strictObject({
  mirrors: array(url()).min(1).describe("Asked in this order before the registry itself."),
  skipVerify: boolean().default(false).describe("Take any certificate of the mirrors; for a lab only.")
});
var clusterSchema = strictObject({
  name: dnsLabel.describe("The cluster\u2019s name: of its artifacts, its concurrency group and its kubeconfig context."),
  kubernetesVersion: version.default(defaultVersions.kubernetes).describe("A version of 1.34, 1.35, 1.36 or 1.37."),
  versions: versions.prefault({}),
  binDir: absolutePath.default("/usr/local/bin").describe("Where binaries are placed on the hosts."),
  mirror: url().optional().describe(
    "Serves the official files under MIRROR/<official host>/<path> instead of https://<official host>/<path>."
  ),
  proxy: strictObject({
    http: url().optional().describe("For http, without user and password."),
    https: url().optional().describe("For https, without user and password."),
    noProxy: array(noProxy).default([]).describe(
      "Further names, domains and subnets that are reached directly; the cluster\u2019s own are always among them."
    )
  }).optional().describe("For downloads by the hosts and for containerd."),
  ssh: ssh.prefault({}).describe("How the runner reaches the hosts."),
  network: network.prefault({}).describe("Addresses of Services and pods, and what connects them."),
  api: strictObject({
    port: port.default(6443).describe("Port of the API servers on the masters."),
    localPort: port.default(5002).describe("Where each node\u2019s own balancer listens on 127.0.0.1."),
    certSANs: array(text).default([]).describe("Further names and addresses of the API server\u2019s certificate.")
  }).prefault({}).describe("The API, as seen by clients."),
  etcd: component.extend({
    dataDir: absolutePath.default("/var/lib/etcd").describe("Where members keep their data; belongs to etcd alone. A fast disk of its own is best.")
  }).prefault({}).describe("Members of etcd."),
  apiServer: component.prefault({}).describe("kube-apiserver, on the masters."),
  election: election.default("default").describe(
    "How soon another master leads when the leader\u2019s host is lost: default (15/10/2 s: about 17 s), fast (4/3/0.5 s: about 5 s), or own times in seconds as { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 }, each longer than the next. With fast, etcd gets four writes a second for it instead of one, and a stall of etcd of 3 s makes both leaders start anew."
  ),
  controllerManager: component.prefault({}).describe("kube-controller-manager, on the masters."),
  scheduler: component.prefault({}).describe("kube-scheduler, on the masters."),
  kubelet: component.extend({ config: fragment.default({}).describe("Merged into the KubeletConfiguration.") }).prefault({}).describe("kubelet, on the nodes."),
  kubeProxy: component.extend({
    mode: _enum(["iptables", "nftables"]).default("iptables").describe("How Services are made on the nodes."),
    config: fragment.default({}).describe("Merged into the KubeProxyConfiguration.")
  }).prefault({}).describe("kube-proxy, on the nodes."),
  flannel: component.extend({
    backend: _enum(["vxlan", "host-gw"]).default("vxlan").describe("host-gw is faster, and asks that all nodes are in one network without a router between them.")
  }).prefault({}).describe("flannel, on the nodes; unused when network.plugin is none."),
  containerd: strictObject({
    config: fragment.default({}).describe("Merged into containerd\u2019s config.toml (version 3), tables as nested maps."),
    registries: record(string(), registry).default({}).describe("Mirrors by registry: docker.io, registry.k8s.io \u2026")
  }).prefault({}).describe("The container runtime, on the nodes."),
  addons: strictObject({
    coredns: boolean().default(true).describe("DNS of the cluster."),
    metricsServer: boolean().default(true).describe("Numbers for kubectl top and for autoscaling."),
    manifests: array(text).default([]).describe("Files of your own, relative to cluster.yaml; pruned when removed from here.")
  }).prefault({}).describe("What the addons action applies to the running cluster."),
  hosts: array(host).min(1).describe("The machines, in the order in which they are worked on.")
});

// src/github/masks.ts
var shortest = 8;
function mask(values) {
  const lines = [...values].flatMap((value) => [value, ...value.split(/\r?\n/)]);
  const secrets = new Set(
    lines.map((line) => line.trim()).filter((line) => line.length >= shortest && !line.startsWith("-----"))
  );
  for (const secret of secrets) {
    setSecret(secret);
    setSecret(Buffer.from(secret).toString("base64"));
  }
}

// src/github/inputs.ts
import { readFileSync } from "node:fs";

// src/cluster/finding.ts
function formatPath(path) {
  return path.map(formatStep).join("").replace(/^\./, "");
}
function formatStep(step) {
  if (typeof step === "number") return `[${step}]`;
  return /^[A-Za-z][\w-]*$/.test(step) ? `.${step}` : `[${quote(step)}]`;
}
function quote(value) {
  const text2 = String(value);
  return JSON.stringify(text2.length > 60 ? `${text2.slice(0, 57)}\u2026` : text2);
}
function alternatives(values) {
  const words = values.map(String);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

// src/cluster/checks/addons.ts
function addonFindings({ addons }) {
  return addons.manifests.flatMap((file, index) => {
    const problem = manifestProblem(file) ?? (addons.manifests.indexOf(file) === index ? void 0 : "stands twice");
    if (problem === void 0) return [];
    const message = `The manifest ${quote(file)} ${problem}.`;
    const hint = "Write each file once, relative to cluster.yaml and below its directory: manifests/dashboard.yaml.";
    return [{ code: "CLUSTER_MANIFEST", path: ["addons", "manifests", index], message, hint }];
  });
}
function manifestProblem(file) {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) return "is a URL, whose content could change from run to run";
  if (file.startsWith("/") || /^[A-Za-z]:/.test(file)) return "is an absolute path";
  if (file.includes("\\")) return "has a backslash in it";
  return file.split("/").includes("..") ? "leads out of the directory of cluster.yaml" : void 0;
}

// src/cluster/addresses.ts
var import_ipaddr = __toESM(require_ipaddr(), 1);
function parseAddress(text2) {
  if (!import_ipaddr.default.IPv4.isValidFourPartDecimal(text2)) return void 0;
  return import_ipaddr.default.IPv4.parse(text2).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
function formatAddress(address) {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
function isIPv6(text2) {
  return import_ipaddr.default.IPv6.isValid(text2);
}
function parseSubnet(text2) {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,2})$/.exec(text2) ?? [];
  const written = parseAddress(address);
  const prefix = Number(bits);
  if (written === void 0 || prefix > 32) return void 0;
  const size = 2 ** (32 - prefix);
  const first = written - written % size;
  return { text: text2, first, last: first + size - 1, prefix, aligned: first === written };
}
function overlap(a, b) {
  return a.first <= b.last && b.first <= a.last;
}
function contains(subnet, address) {
  return subnet.first <= address && address <= subnet.last;
}
function addressAt(subnet, index) {
  const parsed = parseSubnet(subnet);
  if (parsed === void 0 || parsed.first + index > parsed.last)
    throw new RangeError(`no address ${index} in ${subnet}`);
  return formatAddress(parsed.first + index);
}

// src/cluster/checks/paths.ts
var dnsPattern = /^(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
var shared = /^\/(|bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/(bin|sbin|lib|local|local\/bin|log|tmp|run|cache|spool))?$/;
var volatile = /^\/(dev|proc|run|sys|tmp|var\/run|var\/tmp)(\/|$)/;
function pathFindings(file) {
  return [
    ...directoryFindings(file),
    ...urlFindings(["mirror"], file.mirror),
    ...urlFindings(["proxy", "http"], file.proxy?.http),
    ...urlFindings(["proxy", "https"], file.proxy?.https),
    ...sanFindings(file.api.certSANs)
  ];
}
function directoryFindings({ binDir, etcd }) {
  const found = (path, value, problem, hint) => ({
    code: "CLUSTER_PATH",
    path,
    message: `The directory ${quote(value)} ${problem}.`,
    hint
  });
  const findings = [];
  if (isIndirect(binDir))
    findings.push(found(["binDir"], binDir, "has steps as \u201C..\u201D or \u201C//\u201D in it", "Write it without detours."));
  else if (volatile.test(binDir))
    findings.push(
      found(["binDir"], binDir, "is empty after a restart of the host", "Write a lasting one, such as /usr/local/bin.")
    );
  const { dataDir } = etcd;
  const data = ["etcd", "dataDir"];
  if (isIndirect(dataDir))
    findings.push(found(data, dataDir, "has steps as \u201C..\u201D or \u201C//\u201D in it", "Write it without detours."));
  else if (volatile.test(dataDir))
    findings.push(
      found(data, dataDir, "is empty after a restart of the host", "Write a lasting one, such as /var/lib/etcd.")
    );
  else if (shared.test(dataDir))
    findings.push(
      found(
        data,
        dataDir,
        "belongs to more than etcd, which closes it to others",
        "Write one of its own, such as /var/lib/etcd."
      )
    );
  return findings;
}
function isIndirect(directory) {
  return directory.split("/").some((step, index) => index > 0 && (step === "" || step === "." || step === ".."));
}
function urlFindings(path, url2) {
  if (url2 === void 0) return [];
  const { protocol, hostname: hostname2, search, hash } = new URL(url2);
  const found = (problem, hint) => [
    { code: "CLUSTER_URL", path, message: `The URL ${quote(url2)} ${problem}.`, hint }
  ];
  if (protocol !== "http:" && protocol !== "https:" || hostname2 === "") {
    return found("is not one of http or https", "Write it as https://host/path.");
  }
  if (/[\s"'`$\\]/.test(url2)) {
    return found("has spaces or quotes in it", "Write them as %20, %22 or %27.");
  }
  return search || hash ? found("has a query or a fragment, to which no path can be added", "Remove what follows \u201C?\u201D or \u201C#\u201D.") : [];
}
function sanFindings(names) {
  return names.flatMap((name, index) => {
    if (parseAddress(name) !== void 0 || isIPv6(name)) return [];
    if (name.length <= 253 && dnsPattern.test(name) && !/^[\d.]+$/.test(name)) return [];
    const message = `The name ${quote(name)} is neither a DNS name nor an address.`;
    const hint = "Write it without scheme, port and path: api.example.com or 192.168.1.100.";
    return [{ code: "CLUSTER_SAN", path: ["api", "certSANs", index], message, hint }];
  });
}

// src/cluster/checks/containerd.ts
function containerdFindings({ containerd }) {
  return Object.entries(containerd.registries).flatMap(([name, { mirrors }]) => [
    ...nameFinding(name),
    ...mirrors.flatMap((url2, index) => urlFindings(["containerd", "registries", name, "mirrors", index], url2))
  ]);
}
function nameFinding(name) {
  if (name === "_default" || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(name)) return [];
  return [
    {
      code: "CLUSTER_REGISTRY",
      path: ["containerd", "registries", name],
      atKey: true,
      message: `The registry ${quote(name)} is not a name as it stands in images.`,
      hint: "Write its host, with a port if it has one: docker.io or registry.example.com:5000; _default for all others."
    }
  ];
}

// src/cluster/election.ts
var electionProfiles = {
  default: { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 },
  fast: { leaseDuration: 4, renewDeadline: 3, retryPeriod: 0.5 }
};
function electionTimes(election2) {
  return typeof election2 === "string" ? electionProfiles[election2] : election2;
}
var jitter = 1.2;
function electionProblem({ leaseDuration, renewDeadline, retryPeriod }) {
  if (leaseDuration > renewDeadline && renewDeadline > jitter * retryPeriod && retryPeriod > 0) return void 0;
  return `A lease of ${leaseDuration}s with a renew deadline of ${renewDeadline}s and a retry period of ${retryPeriod}s can\u2019t hold.`;
}
function goSeconds(seconds3) {
  return `${seconds3}s`;
}

// src/cluster/checks/election.ts
var units = { ms: 1e-3, s: 1, m: 60, h: 3600 };
var flags = {
  "leader-elect-lease-duration": "leaseDuration",
  "leader-elect-renew-deadline": "renewDeadline",
  "leader-elect-retry-period": "retryPeriod"
};
var rule = "The lease is to be longer than the deadline, and that longer than 1.2 retry periods: 15s, 10s and 2s.";
function electionFindings({ election: election2, controllerManager, scheduler }) {
  const times = electionTimes(election2);
  const problem = electionProblem(times);
  if (problem !== void 0) return [{ code: "CLUSTER_ELECTION", path: ["election"], message: problem, hint: rule }];
  return [
    ...flagFindings(["controllerManager", "extraArgs"], controllerManager.extraArgs, times),
    ...flagFindings(["scheduler", "extraArgs"], scheduler.extraArgs, times)
  ];
}
function flagFindings(path, args, times) {
  const given = args.flatMap((arg, index) => {
    const key = Object.hasOwn(flags, arg.name) ? flags[arg.name] : void 0;
    return key === void 0 ? [] : [{ ...arg, index, key, time: seconds2(arg.value) }];
  });
  const found = (index, message, hint) => [
    { code: "CLUSTER_ELECTION", path: [...path, index, "value"], message, hint }
  ];
  const unreadable = given.find(({ time }) => time === void 0);
  if (unreadable) {
    const { index, name, value } = unreadable;
    return found(index, `The time ${quote(value)} of ${name} is not one.`, "Write it as 15s.");
  }
  const last = given.at(-1);
  const own = Object.fromEntries(given.map(({ key, time }) => [key, time]));
  const problem = electionProblem({ ...times, ...own });
  return last === void 0 || problem === void 0 ? [] : found(last.index, problem, rule);
}
function seconds2(text2) {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text2)) return void 0;
  return Array.from(text2.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0
  );
}

// src/cluster/checks/flags.ts
function gone(flags2) {
  return mapValues(flags2, (hint) => ({ message: "no longer exists in the supported versions of Kubernetes", hint }));
}
function owned(flags2) {
  return mapValues(
    flags2,
    (key) => key === "" ? { message: "is set by the product, which places what it names", hint: "Remove it." } : { message: "is made from another key of this file", hint: `Use ${key} instead.` }
  );
}
function unsafe(message, hint, when) {
  return when ? { message, hint, when } : { message, hint };
}
var isTrue = (value) => /^(|1|t|true)$/i.test(value);
var isFalse = (value) => /^(0|f|false)$/i.test(value);
var includesAny = (...names) => (value) => value.split(",").some((part) => names.includes(part.trim()));
var lacks = (...names) => (value) => !names.every((name) => includesAny(name)(value));
function mapValues(flags2, rule2) {
  return Object.fromEntries(Object.entries(flags2).map(([name, text2]) => [name, rule2(text2)]));
}

// src/cluster/checks/control-plane-flags.ts
var journal = "Logs go to the journal: journalctl -u on the host.";
var goneLogging = { logtostderr: journal, "log-dir": journal, "log-file": journal, alsologtostderr: journal };
var oneLeader = unsafe("would let several masters act at once", "Remove it: leader election is always on.", isFalse);
var ownApiServer = "is not used: each master\u2019s components talk to its own API server by a kubeconfig";
var apiServerFlags = {
  ...gone({
    ...goneLogging,
    "insecure-port": "All clients use https and certificates: api.port, and the kubeconfigs that the master action writes.",
    "insecure-bind-address": "All clients use https: --bind-address and api.port.",
    "basic-auth-file": "Use client certificates, or OIDC by an authentication configuration.",
    "enable-swagger-ui": "The API describes itself under /openapi/v2 and /openapi/v3.",
    "kubelet-https": "Kubelets are always asked by https: remove it.",
    "etcd-quorum-read": "Reads always have a quorum: remove it.",
    "storage-versions": "Remove it: versions are chosen by the API server.",
    "experimental-encryption-provider-config": "Encryption at rest is on from the start: remove it."
  }),
  "token-auth-file": unsafe(
    "would keep tokens that never expire in a file on each master",
    "Nodes join by a bootstrap token made for one run; users come by client certificates or OIDC."
  ),
  "admission-control": unsafe("is deprecated", "Use enable-admission-plugins, with NodeRestriction among them."),
  "apiserver-count": unsafe(
    "is deprecated and counts for nothing",
    "Remove it: API servers count each other by leases."
  ),
  "anonymous-auth": unsafe(
    "can\u2019t be combined with the authentication configuration, which lets anonymous users see /livez, /readyz and /healthz only",
    "Remove it: no other path is open to anonymous users."
  ),
  "authorization-mode": unsafe(
    "would lack Node or RBAC, or let everyone do everything",
    "Keep Node and RBAC, and add to them: Node,RBAC,Webhook.",
    (value) => lacks("Node", "RBAC")(value) || includesAny("AlwaysAllow")(value)
  ),
  "enable-admission-plugins": unsafe(
    "would lack NodeRestriction, by which a node can\u2019t act as another, or admit everything",
    "Start the list by NodeRestriction, and leave AlwaysAdmit out.",
    (value) => lacks("NodeRestriction")(value) || includesAny("AlwaysAdmit")(value)
  ),
  "disable-admission-plugins": unsafe(
    "would switch off a plugin that keeps nodes or service accounts in their bounds",
    "Leave NodeRestriction, ServiceAccount and NamespaceLifecycle out.",
    includesAny("NodeRestriction", "ServiceAccount", "NamespaceLifecycle")
  ),
  "enable-bootstrap-token-auth": unsafe("would keep new nodes from joining", "Remove it.", isFalse),
  "service-account-lookup": unsafe("would let deleted tokens go on working", "Remove it.", isFalse),
  "endpoint-reconciler-type": unsafe(
    "would keep dead masters in the kubernetes Service",
    "Remove it: lease is the default.",
    (value) => value !== "lease"
  ),
  "bind-address": unsafe(
    "would hide the API from other hosts",
    "Remove it.",
    (value) => /^(127\.|::1$|localhost$)/.test(value)
  ),
  ...owned({
    "secure-port": "api.port",
    "advertise-address": "the host\u2019s address",
    "service-cluster-ip-range": "network.serviceSubnet",
    "service-node-port-range": "network.serviceNodePortRange",
    "etcd-servers": "the role etcd of hosts",
    "service-account-issuer": "network.dnsDomain",
    ...nothing(
      "etcd-cafile",
      "etcd-certfile",
      "etcd-keyfile",
      "client-ca-file",
      "tls-cert-file",
      "tls-private-key-file"
    ),
    ...nothing(
      "kubelet-client-certificate",
      "kubelet-client-key",
      "kubelet-certificate-authority",
      "authentication-config"
    ),
    ...nothing("service-account-key-file", "service-account-signing-key-file", "requestheader-client-ca-file"),
    ...nothing("proxy-client-cert-file", "proxy-client-key-file", "encryption-provider-config")
  })
};
var controllerManagerFlags = {
  ...gone({
    ...goneLogging,
    address: "Use bind-address.",
    port: "It serves https on 10257 only: remove it.",
    "pod-eviction-timeout": "Pods say themselves how long they stay, by tolerationSeconds.",
    "experimental-cluster-signing-duration": "Use cluster-signing-duration."
  }),
  master: unsafe(ownApiServer, "Remove it."),
  "leader-elect": oneLeader,
  "use-service-account-credentials": unsafe("would give every controller all rights", "Remove it.", isFalse),
  "allocate-node-cidrs": unsafe("would leave nodes without a subnet for pods", "Remove it.", isFalse),
  ...owned({
    "cluster-cidr": "network.podSubnet",
    "node-cidr-mask-size": "network.nodeCidrMaskSize",
    "service-cluster-ip-range": "network.serviceSubnet",
    "cluster-name": "name",
    ...nothing("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig", "client-ca-file", "root-ca-file"),
    ...nothing("requestheader-client-ca-file", "service-account-private-key-file"),
    ...nothing("cluster-signing-cert-file", "cluster-signing-key-file")
  })
};
var schedulerFlags = {
  ...gone({
    ...goneLogging,
    address: "Use bind-address.",
    port: "It serves https on 10259 only: remove it.",
    "algorithm-provider": "Use profiles of a KubeSchedulerConfiguration.",
    "policy-config-file": "Use profiles of a KubeSchedulerConfiguration."
  }),
  master: unsafe(ownApiServer, "Remove it."),
  "leader-elect": oneLeader,
  ...owned(nothing("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig", "client-ca-file"))
};
var etcdFlags = {
  "client-cert-auth": unsafe(
    "would open etcd, and with it all secrets, to everyone who reaches it",
    "Remove it.",
    isFalse
  ),
  "peer-client-cert-auth": unsafe("would let any machine join etcd", "Remove it.", isFalse),
  "auto-tls": unsafe("would take certificates that nobody signed", "Remove it: the pki action makes them.", isTrue),
  "peer-auto-tls": unsafe(
    "would take certificates that nobody signed",
    "Remove it: the pki action makes them.",
    isTrue
  ),
  "force-new-cluster": unsafe("would throw the other members out at each start", "Remove it.", isTrue),
  "unsafe-no-fsync": unsafe("would lose what was written when a host loses power", "Remove it.", isTrue),
  ...owned({
    "data-dir": "etcd.dataDir",
    name: "the host\u2019s name",
    ...nothing("listen-client-urls", "advertise-client-urls", "listen-peer-urls", "initial-advertise-peer-urls"),
    ...nothing("initial-cluster", "initial-cluster-state", "cert-file", "key-file", "trusted-ca-file"),
    ...nothing("peer-cert-file", "peer-key-file", "peer-trusted-ca-file", "discovery", "discovery-srv", "config-file")
  })
};
function nothing(...names) {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

// src/cluster/checks/node-flags.ts
var runtime = "containerd is reached by CRI: remove it, and see containerd.config.";
var kubeletFlags = {
  ...gone({
    "api-servers": "The kubelet finds the API through its kubeconfig and the local balancer: api.localPort.",
    "require-kubeconfig": "Remove it: a kubeconfig is always used.",
    "experimental-bootstrap-kubeconfig": "Remove it: the node action writes the bootstrap kubeconfig.",
    "network-plugin": "Use network.plugin.",
    "cni-conf-dir": runtime,
    "cni-bin-dir": runtime,
    "cni-cache-dir": runtime,
    "container-runtime": runtime,
    "pod-infra-container-image": "Use versions.pause.",
    "cadvisor-port": "Remove it.",
    "register-schedulable": "Use taints of the host.",
    "allow-privileged": "Remove it: Pod Security decides.",
    logtostderr: "Logs go to the journal: journalctl -u kubelet on the host.",
    "log-dir": "Logs go to the journal: journalctl -u kubelet on the host."
  }),
  "anonymous-auth": unsafe("would open the node\u2019s pods to everyone who reaches it", "Remove it.", isTrue),
  "authorization-mode": unsafe(
    "would open the node\u2019s pods to every user",
    "Remove it: Webhook is used.",
    (value) => value !== "Webhook"
  ),
  "read-only-port": unsafe(
    "would show the node\u2019s pods to everyone who reaches it",
    "Remove it.",
    (value) => value !== "0"
  ),
  "rotate-certificates": unsafe("would let the node\u2019s certificate run out", "Remove it.", isFalse),
  "register-node": unsafe("would keep the node out of the cluster", "Remove it.", isFalse),
  ...owned({
    "node-labels": "labels of the host",
    "register-with-taints": "taints of the host",
    "node-ip": "the host\u2019s address",
    "hostname-override": "hostname of the host",
    "cluster-dns": "network.serviceSubnet, of which it is the second address",
    "cluster-domain": "network.dnsDomain",
    config: "kubelet.config",
    kubeconfig: "",
    "bootstrap-kubeconfig": "",
    "client-ca-file": "",
    "tls-cert-file": "",
    "tls-private-key-file": "",
    "container-runtime-endpoint": "",
    "hairpin-mode": "hairpinMode in kubelet.config",
    "fail-swap-on": "failSwapOn in kubelet.config",
    "serialize-image-pulls": "serializeImagePulls in kubelet.config",
    "cgroup-driver": "cgroupDriver in kubelet.config",
    "max-pods": "maxPods in kubelet.config"
  })
};
var kubeProxyFlags = {
  master: unsafe("would lead past the local balancer", "Remove it."),
  ...owned({
    "proxy-mode": "kubeProxy.mode",
    "cluster-cidr": "network.podSubnet",
    "hostname-override": "hostname of the host",
    config: "kubeProxy.config",
    kubeconfig: ""
  })
};
var flannelFlags = {
  ...owned({
    iface: "interface of the host",
    "public-ip": "the host\u2019s address",
    "kubeconfig-file": "",
    "net-config-path": "network.podSubnet and flannel.backend",
    "kube-subnet-mgr": ""
  }),
  ...gone({
    "etcd-endpoints": "flannel asks the API for subnets, not etcd: remove it.",
    "etcd-prefix": "flannel asks the API for subnets, not etcd: remove it."
  })
};

// src/cluster/checks/extra-args.ts
var flagRules = {
  etcd: etcdFlags,
  apiServer: apiServerFlags,
  controllerManager: controllerManagerFlags,
  scheduler: schedulerFlags,
  kubelet: kubeletFlags,
  kubeProxy: kubeProxyFlags,
  flannel: flannelFlags
};
function extraArgFindings(file) {
  const names = Object.keys(flagRules);
  return names.flatMap(
    (component2) => file[component2].extraArgs.flatMap(
      (arg, index) => argFindings(arg, [component2, "extraArgs", index], flagRules[component2])
    )
  );
}
function argFindings({ name, value }, path, rules) {
  const at2 = [...path, "name"];
  if (!/^[a-z][a-z0-9.-]*$/i.test(name)) {
    const bare = name.replace(/^-+/, "").replace(/=.*$/, "");
    const message = `The flag ${quote(name)} is not a name only.`;
    return [
      { code: "CLUSTER_FLAG", path: at2, message, hint: `Write the name without hyphens and value: ${quote(bare)}.` }
    ];
  }
  if (/[\0\r\n]/.test(value)) {
    const message = `The value of the flag ${quote(name)} has more than one line.`;
    return [{ code: "CLUSTER_FLAG", path: [...path, "value"], message, hint: "Write it on one line." }];
  }
  const rule2 = Object.hasOwn(rules, name) ? rules[name] : void 0;
  if (rule2 === void 0 || rule2.when?.(value) === false) return [];
  const shown = rule2.when === void 0 ? quote(name) : quote(`${name}=${value}`);
  return [{ code: "CLUSTER_FLAG", path: at2, message: `The flag ${shown} ${rule2.message}.`, hint: rule2.hint }];
}

// src/cluster/resolve.ts
function resolveCluster(file) {
  const { hosts, ssh: ssh2, mirror, containerd, ...rest } = file;
  return {
    ...rest,
    ...mirror !== void 0 && { mirror: withoutSlash(mirror) },
    containerd: { ...containerd, registries: mapRegistries(containerd.registries) },
    hosts: hosts.map((entry2) => resolveHost(entry2, ssh2)),
    minor: minorOf(file.kubernetesVersion),
    serviceAddress: addressAt(file.network.serviceSubnet, 1),
    dnsAddress: addressAt(file.network.serviceSubnet, 2)
  };
}
function mapRegistries(registries) {
  const entries = Object.entries(registries);
  return Object.fromEntries(
    entries.map(([name, each]) => [name, { ...each, mirrors: each.mirrors.map(withoutSlash) }])
  );
}
function withoutSlash(url2) {
  return url2.replace(/\/+$/, "");
}
function nodeNameOf(entry2) {
  return entry2.hostname ?? entry2.name;
}
function minorOf(version2) {
  return Number(version2.split(".")[1]);
}
function resolveHost(entry2, defaults) {
  const { hostname: hostname2, interface: device2, ssh: ssh2, name, address, roles: roles2, labels, taints } = entry2;
  const jumpHost2 = ssh2.jumpHost ?? defaults.jumpHost;
  return {
    name,
    address,
    roles: roles2,
    nodeName: nodeNameOf(entry2),
    // Absent, not undefined: what is compared with a host's state must look the same whether a key was left out or not.
    ...hostname2 !== void 0 && { hostname: hostname2 },
    ...device2 !== void 0 && { interface: device2 },
    ssh: {
      address: ssh2.address ?? address,
      user: ssh2.user ?? defaults.user,
      port: ssh2.port ?? defaults.port,
      ...jumpHost2 !== void 0 && { jumpHost: jumpHost2 }
    },
    labels,
    taints
  };
}

// src/cluster/checks/hosts.ts
var unreachable = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map((text2) => parseSubnet(text2));
var longestNodeName = 63;
function hostFindings(file) {
  const { hosts } = file;
  return [
    ...hosts.flatMap((host2, index) => [...addressFindings(host2, index), ...nodeNameFindings(host2, index)]),
    ...duplicates(hosts, "name", ({ name }) => name),
    ...duplicates(hosts, "hostname", ({ hostname: hostname2 }) => hostname2),
    ...nodeNameClashes(hosts),
    ...duplicates(hosts, "address", ({ address }) => address),
    ...sshClashes(file),
    ...jumpHostFindings(file)
  ];
}
function addressFindings({ address }, index) {
  const path = ["hosts", index, "address"];
  if (isIPv6(address)) {
    const message2 = `The address ${quote(address)} is of IPv6, which is not built yet.`;
    return [{ code: "CLUSTER_IPV6", path, message: message2, hint: "Write the host\u2019s IPv4 address." }];
  }
  const number2 = parseAddress(address);
  if (number2 === void 0) {
    const hint = "Write four numbers from 0 to 255, as 192.168.1.153; a DNS name can stand under ssh.address.";
    return [{ code: "CLUSTER_ADDRESS", path, message: `The address ${quote(address)} is not an IPv4 address.`, hint }];
  }
  if (!unreachable.some((subnet) => subnet && contains(subnet, number2))) return [];
  const message = `The address ${quote(address)} can\u2019t be reached from other hosts.`;
  return [
    { code: "CLUSTER_ADDRESS", path, message, hint: "Write the address of the host in the network of the cluster." }
  ];
}
function nodeNameFindings(host2, index) {
  const name = nodeNameOf(host2);
  if (name.length <= longestNodeName) return [];
  const key = host2.hostname === void 0 ? "name" : "hostname";
  const message = `The name ${quote(name)} has ${name.length} characters; a node\u2019s may have up to ${longestNodeName}.`;
  return [{ code: "CLUSTER_NAME", path: ["hosts", index, key], message, hint: "Write a shorter name." }];
}
function duplicates(hosts, key, keyOf2) {
  const first = /* @__PURE__ */ new Map();
  return hosts.flatMap((host2, index) => {
    const value = keyOf2(host2);
    if (value === void 0) return [];
    const other = first.get(value);
    if (other === void 0) {
      first.set(value, host2);
      return [];
    }
    const owner = key === "name" ? "an earlier host" : other.name;
    const message = `The ${key} ${quote(value)} is that of ${owner} too.`;
    return [
      {
        code: "CLUSTER_DUPLICATE",
        path: ["hosts", index, key],
        message,
        hint: `Give each host ${an(key)} of its own.`
      }
    ];
  });
}
function nodeNameClashes(hosts) {
  return hosts.flatMap(({ hostname: hostname2, name }, index) => {
    const other = hosts.find((host2) => host2.hostname === void 0 && host2.name === hostname2 && host2.name !== name);
    if (other === void 0) return [];
    const message = `The hostname ${quote(hostname2)} is the name of another host, and both would be one node.`;
    return [
      {
        code: "CLUSTER_DUPLICATE",
        path: ["hosts", index, "hostname"],
        message,
        hint: "Write another hostname, or rename the other host."
      }
    ];
  });
}
function sshClashes({ hosts, ssh: ssh2 }) {
  const first = /* @__PURE__ */ new Map();
  return hosts.flatMap((host2, index) => {
    const jump = host2.ssh.jumpHost ?? ssh2.jumpHost;
    const way = `${host2.ssh.address ?? host2.address}:${host2.ssh.port ?? ssh2.port} ${jump ? `${jump.address}:${jump.port}` : ""}`;
    const other = first.get(way);
    if (other === void 0) first.set(way, host2.name);
    if (other === void 0 || host2.ssh.address === void 0) return [];
    const message = `The SSH address ${quote(host2.ssh.address)} leads to the same machine as that of ${other}.`;
    const hint = "Give each host an ssh.address or an ssh.port of its own.";
    return [{ code: "CLUSTER_DUPLICATE", path: ["hosts", index, "ssh", "address"], message, hint }];
  });
}
function jumpHostFindings({ hosts, ssh: ssh2 }) {
  const findings = hosts.map(
    ({ ssh: own }, index) => jumpHostFinding(own.jumpHost, ["hosts", index, "ssh", "jumpHost", "address"], hosts)
  );
  return [jumpHostFinding(ssh2.jumpHost, ["ssh", "jumpHost", "address"], hosts), ...findings].filter(
    (finding) => finding !== void 0
  );
}
function jumpHostFinding(jump, path, hosts) {
  const through = hosts.find(
    (host2) => jump !== void 0 && [host2.address, host2.ssh.address, host2.hostname].includes(jump.address)
  );
  if (jump === void 0 || through === void 0) return void 0;
  const message = `The jump host ${quote(jump.address)} is ${through.name}, a host of the cluster: while it is down or restarts, others can\u2019t be reached.`;
  return {
    code: "CLUSTER_JUMP_HOST",
    path,
    message,
    hint: "Use a machine outside of the cluster, or a runner inside of its network."
  };
}
function an(noun) {
  return noun === "address" ? "an address" : `a ${noun}`;
}

// src/cluster/checks/labels.ts
var namePattern = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)$/;
var prefixPattern = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
var allowed = /* @__PURE__ */ new Set([
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "node.kubernetes.io/instance-type",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "kubernetes.io/arch"
]);
var owned2 = /* @__PURE__ */ new Set(["kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch"]);
function labelFindings({ hosts }) {
  return hosts.flatMap((host2, index) => [
    ...Object.entries(host2.labels).flatMap(([key, value]) => labelFinding(key, value, ["hosts", index, "labels", key])),
    ...host2.taints.flatMap((taint2, at2) => taintFindings(taint2, ["hosts", index, "taints", at2])),
    ...repeatedTaints(host2, index),
    ...withoutNode(host2, index)
  ]);
}
function labelFinding(key, value, path) {
  const found = (atKey, message, hint) => [
    { code: "CLUSTER_LABEL", path, atKey, message, hint }
  ];
  if (!isKey(key)) return found(true, `The label\u2019s key ${quote(key)} is not valid.`, keyHint);
  if (!isValue(value)) return found(false, `The value ${quote(value)} of the label ${key} is not valid.`, valueHint);
  if (owned2.has(key)) return found(true, `The label ${quote(key)} is set by the kubelet itself.`, "Remove it.");
  if (isForbidden(key)) {
    const hint = "Use a prefix of your own, or one below node.kubernetes.io; others are set with kubectl once the node is Ready.";
    return found(true, `The label ${quote(key)} is one that a kubelet may not give itself.`, hint);
  }
  return [];
}
function taintFindings({ key, value }, path) {
  const found = (part, message, hint) => ({
    code: "CLUSTER_TAINT",
    path: [...path, part],
    message,
    hint
  });
  return [
    ...isKey(key) ? [] : [found("key", `The taint\u2019s key ${quote(key)} is not valid.`, keyHint)],
    ...isValue(value ?? "") ? [] : [found("value", `The value ${quote(value)} of the taint ${key} is not valid.`, valueHint)]
  ];
}
function repeatedTaints({ taints }, host2) {
  return taints.flatMap(({ key, effect }, index) => {
    if (taints.findIndex((other) => other.key === key && other.effect === effect) === index) return [];
    const message = `The taint ${quote(key)} with the effect ${effect} stands twice.`;
    return [
      { code: "CLUSTER_DUPLICATE", path: ["hosts", host2, "taints", index], message, hint: "Keep one of the two." }
    ];
  });
}
function withoutNode({ roles: roles2, labels, taints }, index) {
  if (roles2.includes("node")) return [];
  const keys = [...Object.keys(labels).length > 0 ? ["labels"] : [], ...taints.length > 0 ? ["taints"] : []];
  return keys.map((key) => ({
    code: "CLUSTER_NOT_A_NODE",
    path: ["hosts", index, key],
    atKey: true,
    message: `The host has ${key}, but not the role node, so that nothing can carry them.`,
    hint: `Add node to its roles, or remove its ${key}.`
  }));
}
var keyHint = "Write up to 63 letters, digits, \u201C-\u201D, \u201C_\u201D and \u201C.\u201D, with a letter or digit at both ends; before it may stand a DNS name and \u201C/\u201D.";
var valueHint = 'Write up to 63 letters, digits, \u201C-\u201D, \u201C_\u201D and \u201C.\u201D, with a letter or digit at both ends, or "".';
function isKey(key) {
  const parts = key.split("/");
  const [prefix, name] = parts.length === 1 ? [void 0, key] : parts;
  return parts.length <= 2 && namePattern.test(name ?? "") && (prefix === void 0 || prefixPattern.test(prefix));
}
function isValue(value) {
  return value === "" || namePattern.test(value);
}
function isForbidden(key) {
  const prefix = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  const below = (domain) => prefix === domain || prefix.endsWith(`.${domain}`);
  if (!below("kubernetes.io") && !below("k8s.io")) return false;
  return !allowed.has(key) && !below("kubelet.kubernetes.io") && !below("node.kubernetes.io");
}

// src/cluster/checks/network.ts
var serviceBits = { widest: 12, narrowest: 29 };
var widestSpan = 16;
var reserved = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map((text2) => parseSubnet(text2));
function networkFindings(file) {
  const service = parseSubnet(file.network.serviceSubnet);
  const pods = parseSubnet(file.network.podSubnet);
  return [
    ...subnetFindings("serviceSubnet", file.network.serviceSubnet, service),
    ...service ? serviceSizeFindings(service) : [],
    ...subnetFindings("podSubnet", file.network.podSubnet, pods),
    ...pods ? podSizeFindings(file, pods) : [],
    ...service && pods && overlap(service, pods) ? [eachOther(service, pods)] : [],
    ...service ? hostOverlaps(file, "serviceSubnet", service) : [],
    ...pods ? hostOverlaps(file, "podSubnet", pods) : []
  ];
}
function subnetFindings(key, text2, subnet) {
  const found = (code, problem, hint) => [
    { code, path: ["network", key], message: `network.${key} ${quote(text2)} ${problem}.`, hint }
  ];
  if (text2.includes(",")) {
    return found("CLUSTER_DUAL_STACK", "has two subnets; dual stack is not built yet", "Write one IPv4 subnet.");
  }
  if (isIPv6(text2.replace(/\/.*$/, ""))) {
    return found("CLUSTER_IPV6", "is of IPv6, which is not built yet", "Write an IPv4 subnet.");
  }
  if (subnet === void 0) {
    return found("CLUSTER_SUBNET", "is not a subnet", "Write an address and the bits of its prefix: 10.244.0.0/16.");
  }
  if (!subnet.aligned) {
    const right = `${formatAddress(subnet.first)}/${subnet.prefix}`;
    return found("CLUSTER_SUBNET", "has bits set behind its prefix", `Write ${right}.`);
  }
  if (reserved.some((other) => other && overlap(other, subnet))) {
    return found(
      "CLUSTER_SUBNET",
      "overlaps addresses with a meaning of their own",
      "Use a private subnet, such as one within 10.0.0.0/8."
    );
  }
  return [];
}
function serviceSizeFindings({ text: text2, prefix }) {
  const { widest, narrowest } = serviceBits;
  if (prefix >= widest && prefix <= narrowest) return [];
  const problem = prefix < widest ? "larger than an apiserver takes" : "too small for the cluster\u2019s own Services";
  const hint = `Write a prefix from /${widest} to /${narrowest}.`;
  return [
    {
      code: "CLUSTER_SUBNET_SIZE",
      path: ["network", "serviceSubnet"],
      message: `network.serviceSubnet ${quote(text2)} is ${problem}.`,
      hint
    }
  ];
}
function podSizeFindings({ network: network2, hosts }, pods) {
  const mask2 = network2.nodeCidrMaskSize;
  const found = (key, message2, hint) => [
    { code: "CLUSTER_SUBNET_SIZE", path: ["network", key], message: message2, hint }
  ];
  if (mask2 < pods.prefix) {
    const message2 = `A node\u2019s subnet of /${mask2} is larger than network.podSubnet ${quote(pods.text)}, of which it is a part.`;
    return found("nodeCidrMaskSize", message2, `Write a nodeCidrMaskSize above ${pods.prefix}, or a larger podSubnet.`);
  }
  if (mask2 - pods.prefix > widestSpan) {
    const message2 = `Node subnets of /${mask2} are too small a part of network.podSubnet ${quote(pods.text)} for the controller-manager.`;
    return found("nodeCidrMaskSize", message2, `Write a nodeCidrMaskSize up to ${pods.prefix + widestSpan}.`);
  }
  const nodes = hosts.filter(({ roles: roles2 }) => roles2.includes("node")).length;
  const room = 2 ** (mask2 - pods.prefix);
  if (nodes <= room) return [];
  const message = `network.podSubnet ${quote(pods.text)} has room for ${room} nodes with /${mask2} each; the file lists ${nodes}.`;
  const bits = Math.ceil(Math.log2(nodes));
  return found(
    "podSubnet",
    message,
    `Write a podSubnet of /${Math.max(8, mask2 - bits)} or larger, or a nodeCidrMaskSize above ${mask2}.`
  );
}
function eachOther(service, pods) {
  return {
    code: "CLUSTER_SUBNET_OVERLAP",
    path: ["network", "podSubnet"],
    message: `network.podSubnet ${quote(pods.text)} overlaps network.serviceSubnet ${quote(service.text)}.`,
    hint: "Write two subnets that share no address."
  };
}
function hostOverlaps({ hosts }, key, subnet) {
  const inside = hosts.filter((host2) => {
    const address = parseAddress(host2.address);
    return address !== void 0 && contains(subnet, address);
  });
  const [first] = inside;
  if (first === void 0) return [];
  const others = inside.length > 1 ? ` and of ${inside.length - 1} more` : "";
  return [
    {
      code: "CLUSTER_SUBNET_OVERLAP",
      path: ["network", key],
      message: `network.${key} ${quote(subnet.text)} holds the address ${first.address} of ${first.name}${others}.`,
      hint: "Write a subnet outside of the network that the hosts are in."
    }
  ];
}

// src/cluster/checks/ports.ts
var taken = {
  2379: "etcd\u2019s clients",
  2380: "etcd\u2019s peers",
  2381: "etcd\u2019s metrics",
  2382: "etcd\u2019s HTTP interface",
  2383: "the masters\u2019 balancer of etcd",
  10248: "the kubelet\u2019s health",
  10249: "kube-proxy\u2019s metrics",
  10250: "the kubelet",
  10256: "kube-proxy\u2019s health",
  10257: "the controller-manager",
  10259: "the scheduler"
};
function portFindings(file) {
  const { port: port2, localPort } = file.api;
  return [
    ...takenFindings("port", port2, file),
    ...takenFindings("localPort", localPort, file),
    ...port2 === localPort ? [samePort(port2)] : [],
    ...rangeFindings(file)
  ];
}
function takenFindings(key, port2, { ssh: ssh2, hosts }) {
  const sshPorts = hosts.map((host2) => host2.ssh.port ?? ssh2.port);
  const owner = taken[port2] ?? (sshPorts.includes(port2) ? "SSH" : void 0);
  if (owner === void 0) return [];
  const usual = key === "port" ? 6443 : 5002;
  return [
    {
      code: "CLUSTER_PORT",
      path: ["api", key],
      message: `api.${key} ${quote(port2)} is the port of ${owner}.`,
      hint: `Write another port, such as ${usual}.`
    }
  ];
}
function samePort(port2) {
  return {
    code: "CLUSTER_PORT",
    path: ["api", "localPort"],
    message: `api.localPort ${quote(port2)} is api.port too; a master that is a node needs both.`,
    hint: "Write two different ports, such as 6443 for port and 5002 for localPort."
  };
}
function rangeFindings({ network: network2, api }) {
  const range = network2.serviceNodePortRange;
  const [first = 0, last = 0] = range.split("-").map(Number);
  const found = (problem, hint) => [
    {
      code: "CLUSTER_PORT_RANGE",
      path: ["network", "serviceNodePortRange"],
      message: `network.serviceNodePortRange ${quote(range)} ${problem}.`,
      hint
    }
  ];
  if (first > last) return found("is the wrong way round", `Write ${last}-${first}.`);
  if (first < 1 || last > 65535)
    return found("has ports that do not exist", "Write ports from 1 to 65535: 30000-32767.");
  const within = (port2) => first <= port2 && port2 <= last;
  const clash = [api.port, api.localPort, ...Object.keys(taken).map(Number)].find(within);
  if (clash === void 0) return [];
  const owner = clash === api.port ? "api.port" : clash === api.localPort ? "api.localPort" : taken[clash];
  return found(`holds ${clash}, the port of ${owner}`, "Write a range without it, such as 30000-32767.");
}

// src/cluster/checks/roles.ts
function roleFindings({ hosts, addons }) {
  const count = (role) => hosts.filter(({ roles: roles2 }) => roles2.includes(role)).length;
  const found = (code, message, hint) => ({
    code,
    path: ["hosts"],
    atKey: true,
    message,
    hint
  });
  const members = count("etcd");
  const findings = [];
  if (members === 0) {
    findings.push(
      found(
        "CLUSTER_NO_ETCD",
        "No host has the role etcd.",
        "Give it to one, three or five hosts; the masters may have it too."
      )
    );
  } else if (members % 2 === 0) {
    const message = `${members} hosts have the role etcd; an even number survives no more losses than ${members - 1} would.`;
    findings.push(found("CLUSTER_EVEN_ETCD", message, `Give the role to ${members - 1} or to ${members + 1} hosts.`));
  } else if (members > 7) {
    findings.push(
      found(
        "CLUSTER_MANY_ETCD",
        `${members} hosts have the role etcd; each write waits for most of them.`,
        "Give the role to three, five or seven hosts."
      )
    );
  }
  if (count("master") === 0) {
    findings.push(
      found(
        "CLUSTER_NO_MASTER",
        "No host has the role master.",
        "Give it to three hosts, or to one where the loss of it may be the loss of the API."
      )
    );
  }
  if (count("node") === 0 && (addons.coredns || addons.metricsServer)) {
    const hint = "Give it to a host (a master may have it), or set addons.coredns and addons.metricsServer to false.";
    findings.push(
      found(
        "CLUSTER_NO_NODE",
        "No host has the role node, so that CoreDNS and metrics-server could run nowhere.",
        hint
      )
    );
  }
  return [...findings, ...repeatedRoles(hosts)];
}
function repeatedRoles(hosts) {
  return hosts.flatMap(
    ({ roles: roles2 }, host2) => roles2.flatMap((role, index) => {
      if (roles2.indexOf(role) === index) return [];
      const message = `The role "${role}" stands twice.`;
      return [{ code: "CLUSTER_DUPLICATE", path: ["hosts", host2, "roles", index], message, hint: "Write it once." }];
    })
  );
}

// src/cluster/checks/versions.ts
var oldest = {
  etcd: ["3.5.24", "apiservers of Kubernetes 1.34 and later ask for it"],
  containerd: ["2.0.0", "its configuration is written as version 3"],
  cniPlugins: ["1.0.0", "flannel\u2019s network configuration asks for it"]
};
function versionFindings(file) {
  return [...kubernetesFindings(file.kubernetesVersion), ...otherFindings(file.versions)];
}
function kubernetesFindings(version2) {
  const [major, minor] = version2.split(".").map(Number);
  if (major === 1 && supportedMinors.some((supported) => supported === minor)) return [];
  const known = alternatives(supportedMinors.map((supported) => `1.${supported}`));
  return [
    {
      code: "CLUSTER_VERSION",
      path: ["kubernetesVersion"],
      message: `Kubernetes ${quote(version2)} is not a version that this release can build.`,
      hint: `Write a version of ${known}, such as ${defaultVersions.kubernetes}.`
    }
  ];
}
function otherFindings(versions2) {
  return Object.keys(oldest).flatMap((name) => {
    const [least, reason] = oldest[name];
    if (!isBefore(versions2[name], least)) return [];
    const message = `${name} ${quote(versions2[name])} is too old: ${reason}.`;
    const hint = `Write ${least} or later, or remove the key to get ${defaultVersions[name]}.`;
    return [{ code: "CLUSTER_VERSION", path: ["versions", name], message, hint }];
  });
}
function isBefore(version2, other) {
  const others = other.split(".").map(Number);
  const difference2 = version2.split(".").map((part, index) => Number(part) - (others[index] ?? 0));
  return (difference2.find((value) => value !== 0) ?? 0) < 0;
}

// src/cluster/checks.ts
var checks = [
  versionFindings,
  networkFindings,
  portFindings,
  pathFindings,
  extraArgFindings,
  electionFindings,
  containerdFindings,
  addonFindings,
  roleFindings,
  hostFindings,
  labelFindings
];
function checkCluster(file) {
  return checks.flatMap((check) => check(file));
}

// src/cluster/document.ts
var import_yaml = __toESM(require_dist(), 1);
var SourceDocument = class {
  yaml;
  data;
  constructor(text2) {
    this.yaml = (0, import_yaml.parseDocument)(text2, {
      schema: "core",
      merge: false,
      resolveKnownTags: false,
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      // Not 'silent', which would swallow the error of a second document.
      logLevel: "error"
    });
  }
  /** The data. Only to be asked for once inspect.ts has found nothing: aliases are followed without a limit. */
  get root() {
    this.data ??= { root: this.yaml.toJS({ maxAliasCount: -1 }) };
    return this.data.root;
  }
  /** Where a value stands, or its key; for what is missing: where the map begins that should have it. */
  offset(path, atKey = false) {
    let node = this.yaml.contents;
    let found = startOf(node) ?? 0;
    for (const [index, step] of path.entries()) {
      const pair = this.step(node, step);
      if (pair === void 0) return found;
      const wantsKey = atKey && index === path.length - 1;
      const value = isEmpty(pair.value) ? void 0 : startOf(pair.value);
      found = (wantsKey ? startOf(pair.key) : void 0) ?? value ?? startOf(pair.key) ?? found;
      node = pair.value;
    }
    return found;
  }
  /** A scalar as it is written in the file, without its quotes: `3.10`, not 3.1. */
  source(path) {
    let node = this.yaml.contents;
    for (const step of path) node = this.step(node, step)?.value;
    const target = this.target(node);
    return (0, import_yaml.isScalar)(target) && target.value !== null ? target.source ?? String(target.value) : void 0;
  }
  /** The value at a place of the data, or nothing when there is no such place. */
  value(path) {
    let value = this.root;
    for (const step of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return void 0;
      value = Reflect.get(value, step);
    }
    return value;
  }
  step(node, step) {
    const target = this.target(node);
    if ((0, import_yaml.isSeq)(target))
      return typeof step === "number" && step < target.items.length ? { value: target.items[step] } : void 0;
    if (!(0, import_yaml.isMap)(target)) return void 0;
    return target.items.find((pair) => (0, import_yaml.isScalar)(pair.key) && pair.key.value === String(step));
  }
  target(node) {
    return (0, import_yaml.isAlias)(node) ? node.resolve(this.yaml) : node;
  }
};
function startOf(node) {
  return (0, import_yaml.isNode)(node) ? node.range?.[0] : void 0;
}
function isEmpty(node) {
  return (0, import_yaml.isScalar)(node) && node.value === null && (node.source ?? "") === "";
}

// src/cluster/inspect.ts
var import_yaml2 = __toESM(require_dist(), 1);
var maxDepth = 50;
var maxRepeated = 1e5;
function inspectNodes(document) {
  const inspection = new Inspection();
  inspection.visit(document.contents);
  return inspection.findings;
}
var Inspection = class {
  findings = [];
  anchors = /* @__PURE__ */ new Map();
  sizes = /* @__PURE__ */ new Map();
  ancestors = [];
  repeated = 0;
  /** How many values a node stands for when its aliases are followed. */
  visit(node) {
    if ((0, import_yaml2.isAlias)(node)) return this.visitAlias(node);
    if ((0, import_yaml2.isNode)(node) && "anchor" in node && node.anchor) this.anchors.set(node.anchor, node);
    if (!(0, import_yaml2.isCollection)(node)) return 1;
    if (this.ancestors.length >= maxDepth) {
      this.refuse(
        node,
        "CLUSTER_TOO_DEEP",
        `Values are nested more than ${maxDepth} levels deep here.`,
        "Check the brackets and the indentation."
      );
      return 1;
    }
    if ((0, import_yaml2.isMap)(node)) this.refuseRepeatedKeys(node.items.map(({ key }) => key));
    this.ancestors.push(node);
    const size = node.items.reduce((sum, item) => sum + this.visit((0, import_yaml2.isPair)(item) ? item.value : item), 1);
    this.ancestors.pop();
    this.sizes.set(node, size);
    return size;
  }
  visitAlias(alias) {
    const target = this.anchors.get(alias.source);
    const name = quote(`*${alias.source}`);
    if (target === void 0) {
      this.refuse(
        alias,
        "CLUSTER_ALIAS",
        `The alias ${name} has no anchor before it.`,
        `Write &${alias.source} before the value that is meant, above this line.`
      );
      return 1;
    }
    if (this.ancestors.includes(target)) {
      this.refuse(
        alias,
        "CLUSTER_ALIAS",
        `The alias ${name} stands inside of the value that it repeats.`,
        "Write the values out."
      );
      return 1;
    }
    const size = this.sizes.get(target) ?? 1;
    const before = this.repeated;
    this.repeated += size;
    if (before <= maxRepeated && this.repeated > maxRepeated) {
      this.refuse(
        alias,
        "CLUSTER_ALIAS",
        `The aliases up to ${name} repeat more than ${maxRepeated} values.`,
        "Write the values out."
      );
    }
    return size;
  }
  refuseRepeatedKeys(keys) {
    const seen = /* @__PURE__ */ new Set();
    for (const key of keys) {
      const name = (0, import_yaml2.isScalar)(key) ? String(key.value) : "";
      if (seen.has(name)) {
        this.refuse(
          key,
          "CLUSTER_KEY_TWICE",
          `The key ${quote(name)} stands here a second time.`,
          "Keep one of the two, or join what they hold."
        );
      }
      seen.add(name);
    }
  }
  refuse(node, code, message, hint) {
    this.findings.push({ code, offset: startOf(node) ?? 0, message, hint });
  }
};

// src/cluster/json-schema.ts
function clusterJsonSchema() {
  const schema = toJSONSchema(clusterSchema, { io: "input", target: "draft-7", override: tidy });
  const { $schema, ...rest } = schema;
  const description = "A highly available Kubernetes cluster on machines of your own.";
  return { $schema, title: "cluster.yaml", description, ...rest };
}
function tidy({ jsonSchema }) {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.type === "object" && jsonSchema.properties) delete jsonSchema.default;
}

// src/cluster/suggest.ts
function suggest(word, candidates) {
  const wanted = plain(word);
  if (wanted.length > 64) return void 0;
  const near = candidates.map((candidate) => ({ candidate, distance: distance(wanted, plain(candidate)) })).filter(({ candidate, distance: distance2 }) => distance2 <= Math.max(1, Math.floor(plain(candidate).length / 3))).sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}
function plain(word) {
  return word.toLowerCase().replace(/[-_]/g, "");
}
function distance(a, b) {
  let beforeLast = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}
function at(row, column) {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

// src/cluster/known-keys.ts
var otherNames = {
  clustername: "name",
  version: "kubernetesVersion",
  k8sversion: "kubernetesVersion",
  kubeversion: "kubernetesVersion",
  servicecidr: "network.serviceSubnet",
  clustercidr: "network.podSubnet",
  podcidr: "network.podSubnet",
  nodeportrange: "network.serviceNodePortRange",
  clusterdomain: "network.dnsDomain",
  cni: "network.plugin",
  controlplaneendpoint: "api.certSANs",
  sans: "api.certSANs",
  ip: "address",
  privateaddress: "address",
  publicaddress: "ssh.address",
  role: "roles",
  username: "user",
  bastion: "ssh.jumpHost",
  kubeapiserver: "apiServer",
  kubecontrollermanager: "controllerManager",
  kubescheduler: "scheduler",
  nodes: "hosts",
  machines: "hosts",
  registrymirrors: "containerd.registries"
};
var otherValues = {
  worker: "node",
  agent: "node",
  controlplane: "master",
  controller: "master",
  server: "master"
};
var root;
function hintForKey(parent, key) {
  if (key === "<<") return "Merge keys are not part of YAML 1.2: write the keys out.";
  root ??= clusterJsonSchema();
  const siblings = Object.keys(parent.reduce(child, root)?.properties ?? {});
  const other = otherNames[plain(key)];
  const near = siblings.find((name) => name === other) ?? suggest(key, siblings);
  if (near !== void 0) return `Did you mean ${near}?`;
  const places2 = keyPaths(root, []);
  const elsewhere = places2.find((path) => path.at(-1) === key) ?? places2.find((path) => formatPath(path) === other);
  if (elsewhere !== void 0) return `Did you mean ${formatPath(elsewhere).replaceAll("[0]", "[]")}?`;
  return `Known keys here: ${siblings.join(", ")}.`;
}
function descriptionOf(path) {
  root ??= clusterJsonSchema();
  return path.reduce(child, root)?.description ?? "";
}
function nearestValue(value, known) {
  const other = otherValues[plain(value)];
  return known.find((name) => name === other) ?? suggest(value, known);
}
function child(node, step) {
  if (typeof step === "number") return node?.items;
  const extra = node?.additionalProperties;
  return node?.properties?.[step] ?? (typeof extra === "object" ? extra : void 0);
}
function keyPaths(node, path) {
  const own = Object.entries(node.properties ?? {});
  return [
    ...own.map(([key]) => [...path, key]),
    ...own.flatMap(([key, value]) => keyPaths(value, [...path, key])),
    ...node.items ? keyPaths(node.items, [...path, 0]) : []
  ];
}

// src/cluster/wrong-type.ts
function wrongType(kind, path, document) {
  const name = path.length === 0 ? "The file" : formatPath(path);
  const expected = kinds[kind] ?? kind;
  const value = document.value(path);
  if (value === void 0) {
    const meaning = descriptionOf(path);
    return {
      code: "CLUSTER_MISSING",
      path,
      message: `${name} is missing.`,
      hint: `Add ${path.at(-1)}, ${expected}. ${meaning}`.trim()
    };
  }
  const source = document.source(path);
  const is = source === void 0 ? kindOf(value) : `${quote(source)}, ${kindOf(value)}`;
  const message = `${name} is ${is}, where ${expected} is expected.`;
  return { code: "CLUSTER_INVALID", path, message, hint: versionHint(path, source) ?? typeHint(kind, value, source) };
}
function versionHint([first, second], source) {
  if (source === void 0 || !/^\d+(\.\d+)?$/.test(source)) return void 0;
  if (first === "kubernetesVersion") return `Write all three parts of the version: ${defaultVersions.kubernetes}.`;
  if (first !== "versions" || second === "pause" || typeof second !== "string") return void 0;
  return `Write all three parts of the version: ${Object.entries(defaultVersions).find(([name]) => name === second)?.[1]}.`;
}
function typeHint(expected, value, source) {
  if (value === null) return "Write a value, or remove the key.";
  if (expected === "string" && source !== void 0) return `Put it in quotes: ${JSON.stringify(source)}.`;
  if ((expected === "number" || expected === "int") && /^\d+$/.test(source ?? ""))
    return `Write it without quotes: ${source}.`;
  if (expected === "boolean") return "Write true or false, without quotes.";
  if (expected === "array") return "Write a list: each value on a line of its own after \u201C- \u201D, or all in [ ].";
  if (expected === "object" || expected === "record") return "Write keys with values, indented below it.";
  return `Write ${kinds[expected] ?? expected}.`;
}
var kinds = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys and values",
  record: "a map of keys and values"
};
function kindOf(value) {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "number") return "a number";
  return typeof value === "boolean" ? "a boolean" : "a text";
}

// src/cluster/issues.ts
function schemaFindings(issues, document) {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => typeof step === "number" ? step : String(step));
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key));
    return [describeIssue(issue, path, document)];
  });
}
function unknownKey(parent, key) {
  const place = parent.length === 0 ? "" : ` in ${formatPath(parent)}`;
  return {
    code: "CLUSTER_UNKNOWN_KEY",
    path: [...parent, key],
    atKey: true,
    message: `There is no key ${quote(key)}${place}.`,
    hint: hintForKey(parent, key)
  };
}
function describeIssue(issue, path, document) {
  const name = path.length === 0 ? "The file" : formatPath(path);
  const source = document.source(path);
  const shown = source === void 0 ? name : `${name} ${quote(source)}`;
  const invalid2 = (message, hint) => ({ code: "CLUSTER_INVALID", path, message, hint });
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, path, document);
    case "invalid_value": {
      const near = nearestValue(source ?? "", issue.values.map(String));
      const choice = `Write ${alternatives(issue.values)}.`;
      return invalid2(
        `${shown} is not one of the known values.`,
        near === void 0 ? choice : `Did you mean ${near}? ${choice}`
      );
    }
    case "invalid_key":
      return {
        ...invalid2(
          `${formatPath(path)} has a key that is not allowed.`,
          `${issue.issues[0]?.message ?? issue.message}.`
        ),
        atKey: true
      };
    case "too_small":
      if (issue.origin === "array") return invalid2(`${name} is an empty list.`, "List at least one.");
      if (issue.origin === "string") return invalid2(`${name} is an empty text.`, "Write a value, or remove the key.");
      return invalid2(`${shown} is too small.`, `Write a number from ${issue.minimum} up.`);
    case "too_big":
      if (issue.origin === "string") return invalid2(`${shown} is too long.`, `Use up to ${issue.maximum} characters.`);
      return invalid2(`${shown} is too large.`, `Write a number up to ${issue.maximum}.`);
    case "invalid_format":
      if (issue.format === "url") return invalid2(`${shown} is not a URL.`, "Write it as https://host/path.");
      return invalid2(`${shown} is not valid.`, sentence(issue.message));
    default:
      return invalid2(`${shown} is not valid.`, sentence(issue.message));
  }
}
function sentence(message) {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

// src/cluster/lines.ts
var import_yaml3 = __toESM(require_dist(), 1);
function positionsIn(text2) {
  const lines = new import_yaml3.LineCounter();
  lines.addNewLine(0);
  for (let end = text2.indexOf("\n"); end >= 0; end = text2.indexOf("\n", end + 1)) lines.addNewLine(end + 1);
  const last = Math.max(0, text2.trimEnd().length - 1);
  return (offset) => {
    const { line, col } = lines.linePos(Math.min(Math.max(0, offset), last));
    return { line, column: col };
  };
}

// src/cluster/salvage.ts
function salvageFindings(data, issues) {
  const copy = structuredClone(data);
  const places2 = issues.flatMap(
    (issue) => issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
  );
  for (const place of places2) remove(copy, place);
  const rest = clusterSchema.safeParse(copy);
  if (!rest.success) return [];
  return checkCluster(rest.data).filter(({ path }) => !places2.some((place) => isBeside(path, place)));
}
function remove(data, [first, index, key]) {
  if (!isObject(data) || first === void 0) return;
  const host2 = first === "hosts" && Array.isArray(data.hosts) && index !== void 0 ? data.hosts[Number(index)] : void 0;
  if (isObject(host2) && key !== void 0) Reflect.deleteProperty(host2, key);
  else if (first === "name") data.name = "unnamed";
  else Reflect.deleteProperty(data, first);
}
function isBeside(path, place) {
  return path[0] === place[0] && (path[0] !== "hosts" || path[1] === place[1]);
}
function isObject(value) {
  return typeof value === "object" && value !== null;
}

// src/cluster/secrets.ts
var kinds2 = [
  {
    what: "a private key",
    pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----/g,
    hint: "Keys of the cluster are made by the pki action; the SSH key is an input of the actions, from a repository secret."
  },
  {
    what: "an age identity",
    pattern: /AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]*/gi,
    hint: "Give the age identity to the actions as an input, from a repository secret."
  },
  {
    what: "a GitHub token",
    pattern: /\b(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,})/g,
    hint: "Give tokens to the workflow as repository secrets."
  },
  {
    what: "an access key of AWS",
    pattern: /\b(AKIA|ASIA)[0-9A-Z]{16}\b/g,
    hint: "Give credentials to the workflow as repository secrets."
  },
  {
    what: "a JSON Web Token",
    pattern: /\beyJ[\w-]{8,512}\.eyJ[\w-]{8,2048}\./g,
    hint: "Tokens of the API are read from the cluster; they have no place in this file."
  },
  {
    // Six and sixteen characters; with a digit in the second part, so that a long DNS name is not taken for a token.
    what: "a bootstrap token",
    pattern: /(?<![\w.-])[a-z0-9]{6}\.(?=[a-z]*[0-9])[a-z0-9]{16}(?![\w.-])/g,
    hint: "Bootstrap tokens are made for one run and deleted at its end; nothing has to be given."
  },
  {
    what: "a URL with a password",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#@:"']{0,200}:[^\s/?#@"']{1,200}@/gi,
    hint: "Write the URL without user and password, and let the proxy or mirror know the hosts by their addresses."
  },
  {
    what: "a workflow expression",
    pattern: /\$\{\{/g,
    hint: "This file is read as it is, without expressions; secrets are inputs of the actions."
  }
];
function findSecrets(text2) {
  return kinds2.flatMap(
    ({ what, pattern, hint }) => Array.from(text2.matchAll(pattern), ({ index }) => ({
      code: "CLUSTER_SECRET",
      offset: index,
      message: `Here stands what looks like ${what}; secrets must not be in this file.`,
      hint: `Remove it, and if it was ever pushed, replace it. ${hint}`
    }))
  );
}

// src/cluster/text.ts
var maxBytes = 1024 * 1024;
var maxLine = 32 * 1024;
function inspectText(text2) {
  const bytes = Buffer.byteLength(text2);
  if (bytes > maxBytes) {
    return one(
      "CLUSTER_TOO_LARGE",
      0,
      `The file has ${bytes} bytes; cluster.yaml may have up to ${maxBytes}.`,
      "Check that this is the right file; manifests stand in files of their own, under addons.manifests."
    );
  }
  if (text2.split("\n").every((line) => /^\s*(#|$)/.test(line))) {
    return one(
      "CLUSTER_EMPTY",
      0,
      "The file is empty.",
      "Start with examples/small/cluster.yaml: a name and a list of hosts."
    );
  }
  const binary = text2.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]/);
  if (binary >= 0) {
    const character = text2.charCodeAt(binary).toString(16).toUpperCase().padStart(4, "0");
    return one(
      "CLUSTER_NOT_TEXT",
      binary,
      `The character U+${character} is not text in UTF-8.`,
      "Save the file as UTF-8, and check that it is not a binary or UTF-16 file."
    );
  }
  const long = text2.split("\n").find((line) => line.length > maxLine);
  if (long !== void 0) {
    return one(
      "CLUSTER_LINE_TOO_LONG",
      text2.indexOf(long),
      `The line has more than ${maxLine} characters.`,
      "Write one host, or one value of a list, on each line."
    );
  }
  return [];
}
function syntaxFindings(errors) {
  const deep = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (deep) return tooDeep(deep.pos[0]);
  const places2 = new Map(errors.toReversed().map((error) => [error.pos[0], error]));
  return Array.from(places2.values(), ({ code, message, pos: [offset] }) => {
    const known = advice.find(([pattern]) => pattern.test(`${code} ${message}`));
    const [, sentence2, hint] = known ?? [void 0, `${message}.`, lookAround];
    return { code: "CLUSTER_YAML", offset, message: sentence2, hint };
  });
}
var lookAround = "Check the indentation, the quotes and the brackets on and above this line.";
var advice = [
  [/^TAB_AS_INDENT/, "The line is indented by a tab.", "Indent by spaces: YAML knows no tabs."],
  [
    /^BLOCK_AS_IMPLICIT_KEY/,
    "A second \u201C: \u201D stands on this line.",
    "Put the value in quotes, or what follows on a line of its own."
  ],
  [/^BAD_SCALAR_START/, "A value can\u2019t start with this character.", "Put the value in quotes."],
  [/^MULTIPLE_DOCS/, "A second document starts here.", "Remove the line \u201C---\u201D: a file describes one cluster."],
  [
    /^NON_STRING_KEY/,
    "A key has to be a plain word.",
    "Check for a \u201C{\u201D, \u201C[\u201D or \u201C?\u201D before the colon; put templates in quotes."
  ],
  [/^TAG_RESOLVE_FAILED/, "Tags, as \u201C!name\u201D, have no meaning here.", "Remove the tag, or put the value in quotes."],
  [/quote$/, "A text in quotes is not closed up to here.", "Close the quote where the text ends."],
  [
    /must start at the same column/,
    "The line is not indented like the keys beside it.",
    "Indent keys of one map by the same number of spaces."
  ],
  [
    /and end with a \]/,
    "A list in brackets is not closed up to here.",
    "Close it by \u201C]\u201D, or write its values on lines of their own after \u201C- \u201D."
  ],
  [
    /and end with a }/,
    "A map in braces is not closed up to here.",
    "Close it by \u201C}\u201D, or write its keys on lines of their own."
  ]
];
function tooDeep(offset) {
  return one("CLUSTER_TOO_DEEP", offset, "Values are nested too deep here.", "Check the brackets and the indentation.");
}
function one(code, offset, message, hint) {
  return [{ code, offset, message, hint }];
}

// src/cluster/load.ts
var maxProblems = 100;
function parseCluster(text2, file) {
  const source = text2.replace(/^\uFEFF/, "");
  refuse(inspectText(source), source, file);
  refuse(findSecrets(source), source, file);
  const document = parseYaml(source, file);
  refuse(syntaxFindings([...document.yaml.errors, ...document.yaml.warnings]), source, file);
  refuse(inspectNodes(document.yaml), source, file);
  const placed2 = (findings2) => findings2.map((finding) => placeFinding(finding, document));
  const parsed = clusterSchema.safeParse(document.root);
  if (parsed.success) {
    refuse(placed2(checkCluster(parsed.data)), source, file);
    return resolveCluster(parsed.data);
  }
  const issues = parsed.error.issues.slice(0, maxProblems);
  const findings = [...schemaFindings(issues, document), ...salvageFindings(document.root, issues)];
  throw problemsAt(placed2(findings), source, file);
}
function parseYaml(text2, file) {
  try {
    return new SourceDocument(text2);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw problemsAt(tooDeep(Math.max(0, text2.search(/(?:[-?:] ){50}/))), text2, file);
  }
}
function placeFinding({ path, atKey, ...rest }, document) {
  const name = path[0] === "hosts" && path.length > 1 ? document.source([...path.slice(0, 2), "name"]) : void 0;
  return { ...rest, offset: document.offset(path, atKey), host: name };
}
function refuse(findings, text2, file) {
  if (findings.length > 0) throw problemsAt(findings, text2, file);
}
function problemsAt(findings, text2, file) {
  const at2 = positionsIn(text2);
  const problems = findings.toSorted((a, b) => a.offset - b.offset).slice(0, maxProblems).map(({ code, message, hint, host: host2, offset }) => new Problem(message, { code, hint, host: host2, file, ...at2(offset) }));
  const count = findings.length === 1 ? "a problem" : `${findings.length} problems`;
  return new AggregateError(problems, `${file} has ${count}.`);
}

// src/github/run-name.ts
import { hostname } from "node:os";
function runName(env = process.env) {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return id ? `${repository} run ${id}` : `a run by hand on ${hostname()}`;
}

// src/github/inputs.ts
function commonInputs() {
  const privateKey = secretInput("ssh-key");
  const knownHosts = getInput("known-hosts");
  const clusterFile = getInput("cluster") || "cluster.yaml";
  const cluster = parseCluster(readText(clusterFile), clusterFile);
  const access = { knownHosts, ...privateKey ? { privateKey } : {} };
  return { clusterFile, cluster, access, dryRun: booleanInput("dry-run"), name: runName() };
}
function secretInput(name) {
  const value = getInput(name);
  delete process.env[`INPUT_${name.toUpperCase()}`];
  if (value) mask([value]);
  return value;
}
function requiredSecret(name) {
  const value = secretInput(name);
  if (value) return value;
  throw new Problem(`the input ${name} is missing`, {
    code: "INPUT_MISSING",
    hint: `give it from a secret: ${name}: \${{ secrets.\u2026 }}`
  });
}
function booleanInput(name) {
  const value = getInput(name) || "false";
  if (value === "true" || value === "false") return value === "true";
  throw invalidInput(name, value, "write true or false");
}
function choiceInput(name, choices) {
  const value = getInput(name) || choices[0];
  const choice = choices.find((each) => each === value);
  if (choice !== void 0) return choice;
  throw invalidInput(name, value, `write one of ${choices.join(", ")}`);
}
function parsedInput(name, parse, fix) {
  const value = getInput(name);
  const parsed = value ? parse(value) : void 0;
  if (value && parsed === void 0) throw invalidInput(name, value, fix);
  return parsed;
}
function numberInput(name, otherwise) {
  const value = getInput(name);
  if (!value) return otherwise;
  const number2 = Number(value);
  if (Number.isFinite(number2) && number2 >= 0) return number2;
  throw invalidInput(name, value, "write a number that is not negative");
}
function hostNames(cluster, role) {
  const able = hostsWith(cluster, role).map((host2) => host2.name);
  const asked = getInput("hosts").split(/[\s,]+/).filter(Boolean);
  const unknown3 = asked.find((name) => !able.includes(name));
  if (unknown3 !== void 0) throw invalidInput("hosts", unknown3, `hosts with the role ${role}: ${able.join(", ")}`);
  return asked.length > 0 ? asked : able;
}
function invalidInput(name, value, fix) {
  return new Problem(`the input ${name} is "${value}"`, { code: "INPUT_INVALID", hint: fix });
}
function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const hint = "name the file by the input cluster, relative to the workspace; has actions/checkout run?";
    throw new Problem(`the cluster file can't be read`, { code: "CLUSTER_FILE_MISSING", file: path, hint, cause });
  }
}
function secondsIn(text2) {
  const seconds3 = Number(text2);
  return Number.isFinite(seconds3) && seconds3 >= 0 ? seconds3 * 1e3 : void 0;
}

// src/pki/groups.ts
var bootstrapGroup = "system:bootstrappers:k8s-ha-action";
var administratorsGroup = "k8s-ha-action:admins";

// src/phases/run.ts
function newRun(parts) {
  const { cluster, access, dryRun, name, log, mask: mask2 } = parts;
  const all = ["etcd", "master", "node"];
  const named = parts.targets ?? new Map(all.map((role) => [role, hostsWith(cluster, role).map((host2) => host2.name)]));
  const targets = new Map(
    [...named].map(([role, names]) => [role, hostsWith(cluster, role).filter((host2) => names.includes(host2.name))])
  );
  return {
    cluster,
    access,
    dryRun,
    name,
    log,
    mask: mask2,
    targets,
    now: /* @__PURE__ */ new Date(),
    sessions: /* @__PURE__ */ new Map(),
    inspections: /* @__PURE__ */ new Map(),
    secrets: /* @__PURE__ */ new Map(),
    issued: [],
    objects: [],
    results: [],
    timings: []
  };
}
function targetsOf(run, role) {
  return run.targets.get(role) ?? [];
}
function allTargets(run) {
  const names = new Set([...run.targets.values()].flat().map((host2) => host2.name));
  return run.cluster.hosts.filter((host2) => names.has(host2.name));
}
async function runPhases(run, phases) {
  try {
    for (const phase of phases) await runPhase(run, phase);
  } finally {
    await closeSessions(run);
  }
}
async function runPhase(run, phase) {
  const begin = performance.now();
  try {
    await run.log.group(phase.title, () => phase.run(run));
  } catch (error) {
    const parts = problemsOf(error).map(
      (part) => part instanceof Problem ? part.within({ phase: phase.title }) : part
    );
    throw new AggregateError(parts, `${phase.title} failed`);
  } finally {
    run.timings.push({ phase: phase.title, milliseconds: performance.now() - begin });
  }
}
async function closeSessions(run) {
  await Promise.allSettled([...run.sessions.values()].map((session2) => session2.close()));
  run.sessions.clear();
}
async function onHosts(hosts, work) {
  const settled = await Promise.allSettled(hosts.map((host2) => work(host2)));
  const failed = settled.flatMap(
    (outcome, index) => outcome.status === "rejected" ? problemsOf(outcome.reason).map((part) => placed(part, hosts[index])) : []
  );
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} of ${hosts.length} hosts failed`);
  return settled.flatMap((outcome) => outcome.status === "fulfilled" ? [outcome.value] : []);
}
function placed(error, host2) {
  return error instanceof Problem ? error.within({ host: host2?.name }) : error;
}
function sessionOf(run, host2) {
  const session2 = run.sessions.get(host2.name);
  if (!session2) throw new Error(`no connection to ${host2.name}: connect-hosts has to come first`);
  return session2;
}
function inspectionOf(run, host2) {
  const inspection = run.inspections.get(host2.name);
  if (!inspection) throw new Error(`${host2.name} has not been inspected: gather-facts has to come first`);
  return inspection;
}
function secretsOf(run, host2) {
  const secrets = run.secrets.get(host2.name);
  if (!secrets) throw new Error(`no secrets for ${host2.name}: prepare-secrets or open-bundles has to come first`);
  return secrets;
}

// src/phases/claim-hosts.ts
var keepSeconds = 300;
var waitSeconds = keepSeconds + 60;
var restSeconds = 10;
function claimOf(run, host2, turn) {
  if (turn === "first") return { as: turn, waitSeconds: host2 === decider(run) ? waitSeconds : restSeconds };
  return { as: turn, keepSeconds: host2.roles.includes("master") ? keepSeconds : 0 };
}
function decider(run) {
  const order = (one2, other) => one2.address.localeCompare(other.address);
  return hostsWith(run.cluster, "master").toSorted(order)[0];
}
var keepHosts = {
  title: "Keep the cluster for the jobs that follow",
  async run(run) {
    if (run.dryRun) return;
    await onHosts(hostsWith(run.cluster, "master"), (host2) => sessionOf(run, host2).keep(keepSeconds));
  }
};

// src/host/redact.ts
var keyBlock = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;
var keyData = /\b((?:[a-z-]*key-data|token|password|secret|bootstrap-token|token-secret)["']?\s*[:=]\s*)["']?[A-Za-z0-9+/=_.:-]{8,}["']?/gi;
var longBase64 = /(^|[\s"':=])(?=\S*[A-Z])(?=\S*[a-z])(?=\S*[0-9])[A-Za-z0-9+/]{60,}={0,2}(?=$|[\s"',])/gm;
function redact(text2) {
  return text2.replaceAll(keyBlock, "[private key removed]").replaceAll(keyData, "$1[removed]").replaceAll(longBase64, "$1[removed]");
}
function redactLines(text2) {
  return redact(text2).split("\n").filter((line) => line.trim() !== "");
}

// src/host/connection.ts
import { connect as connectTcp } from "node:net";

// node_modules/is-network-error/index.js
var objectToString = Object.prototype.toString;
var isError = (value) => objectToString.call(value) === "[object Error]";
var errorMessages = /* @__PURE__ */ new Set([
  "network error",
  // Chrome
  "NetworkError when attempting to fetch resource.",
  // Firefox
  "The Internet connection appears to be offline.",
  // Safari 16
  "Network request failed",
  // `cross-fetch`
  "fetch failed",
  // Undici (Node.js)
  "terminated",
  // Undici (Node.js)
  " A network error occurred.",
  // Bun (WebKit)
  "Network connection lost"
  // Cloudflare Workers (fetch)
]);
function isNetworkError(error) {
  const isValid = error && isError(error) && error.name === "TypeError" && typeof error.message === "string";
  if (!isValid) {
    return false;
  }
  const { message, stack } = error;
  if (message === "Load failed" || message.startsWith("Load failed (") && message.endsWith(")")) {
    return stack === void 0 || "__sentry_captured__" in error;
  }
  if (message.startsWith("error sending request for url")) {
    return true;
  }
  if (message === "Failed to fetch" || message.startsWith("Failed to fetch (") && message.endsWith(")")) {
    return true;
  }
  return errorMessages.has(message);
}

// node_modules/p-retry/index.js
function validateRetries(retries) {
  if (typeof retries === "number") {
    if (retries < 0) {
      throw new TypeError("Expected `retries` to be a non-negative number.");
    }
    if (Number.isNaN(retries)) {
      throw new TypeError("Expected `retries` to be a valid number or Infinity, got NaN.");
    }
    if (Number.isFinite(retries) && !Number.isInteger(retries)) {
      throw new TypeError("Expected `retries` to be a non-negative integer or Infinity.");
    }
  } else if (retries !== void 0) {
    throw new TypeError("Expected `retries` to be a number or Infinity.");
  }
}
function validateNumberOption(name, value, { allowInfinity = false } = {}) {
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new TypeError(`Expected \`${name}\` to be a number${allowInfinity ? " or Infinity" : ""}.`);
  }
  if (!allowInfinity && !Number.isFinite(value)) {
    throw new TypeError(`Expected \`${name}\` to be a finite number.`);
  }
  if (value < 0) {
    throw new TypeError(`Expected \`${name}\` to be \u2265 0.`);
  }
}
function validateOption(name, value, type) {
  if (value === void 0 || value === null) {
    return;
  }
  if (typeof value !== type) {
    throw new TypeError(`Expected \`${name}\` to be a ${type}.`);
  }
}
function validateSignal(value) {
  if (value === void 0 || value === null) {
    return;
  }
  if (typeof value.throwIfAborted !== "function" || typeof value.addEventListener !== "function" || typeof value.removeEventListener !== "function") {
    throw new TypeError("Expected `signal` to be an AbortSignal.");
  }
}
var AbortError = class _AbortError extends Error {
  constructor(message) {
    super(typeof message === "string" ? message : void 0);
    this.name = "AbortError";
    if (message instanceof Error) {
      this.originalError = message;
      ({ message } = message);
    } else {
      this.originalError = new Error(message);
      ({ message } = this.originalError);
      Error.captureStackTrace?.(this.originalError, _AbortError);
    }
    this.message = message;
  }
};
var maximumDelay = 2 ** 31 - 1;
function calculateDelay(retriesConsumed, options) {
  if (options.minTimeout === 0) {
    return 0;
  }
  const attempt = retriesConsumed + 1;
  const random2 = options.randomize ? Math.random() + 1 : 1;
  const timeout = Math.round(random2 * options.minTimeout * options.factor ** (attempt - 1));
  return Math.min(timeout, Math.ceil(options.maxTimeout), maximumDelay);
}
function calculateRemainingTime(start, max) {
  return Number.isFinite(max) ? max - (performance.now() - start) : max;
}
async function delayForRetry(delay, options) {
  if (delay <= 0) {
    return;
  }
  await new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timeoutToken);
      reject(options.signal.reason);
    };
    const timeoutToken = setTimeout(() => {
      options.signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delay);
    if (options.unref) {
      timeoutToken.unref?.();
    }
    options.signal?.addEventListener("abort", onAbort, { once: true });
  });
}
function stringifyThrownValue(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
function unwrapAbortError(error) {
  let cause = error;
  while (cause instanceof AbortError && cause.originalError instanceof Error) {
    cause = cause.originalError;
  }
  return cause;
}
async function onAttemptFailure({ error, attemptNumber, retriesConsumed, startTime, options }) {
  const abortIfNeeded = () => {
    options.signal?.throwIfAborted();
  };
  const normalizedError = error instanceof Error ? error : new TypeError(`Non-error was thrown: "${stringifyThrownValue(error)}". You should only throw errors.`);
  abortIfNeeded();
  if (normalizedError instanceof AbortError) {
    throw unwrapAbortError(normalizedError);
  }
  const retriesLeft = options.retries - retriesConsumed;
  const isRetriableError = !(normalizedError instanceof TypeError) || isNetworkError(normalizedError);
  const timeLeft = calculateRemainingTime(startTime, options.maxRetryTime);
  const delayTime = isRetriableError && timeLeft > 0 && retriesLeft > 0 ? calculateDelay(retriesConsumed, options) : 0;
  const consumeRetryContext = Object.freeze({
    error: normalizedError,
    attemptNumber,
    retriesLeft,
    retriesConsumed,
    retryDelay: delayTime
  });
  const consumeRetry = await options.shouldConsumeRetry(consumeRetryContext) ?? true;
  abortIfNeeded();
  const effectiveDelay = consumeRetry ? delayTime : 0;
  const context = Object.freeze({
    error: normalizedError,
    attemptNumber,
    retriesLeft,
    retriesConsumed,
    retryDelay: effectiveDelay
  });
  await options.onFailedAttempt(context);
  abortIfNeeded();
  const remainingTime = calculateRemainingTime(startTime, options.maxRetryTime);
  if (!isRetriableError || remainingTime <= 0 || retriesLeft <= 0) {
    throw normalizedError;
  }
  const shouldRetry = await options.shouldRetry(context);
  abortIfNeeded();
  if (!shouldRetry) {
    throw normalizedError;
  }
  const remainingTimeAfterShouldRetry = calculateRemainingTime(startTime, options.maxRetryTime);
  if (remainingTimeAfterShouldRetry <= 0) {
    throw normalizedError;
  }
  if (!consumeRetry) {
    return false;
  }
  await delayForRetry(Math.min(effectiveDelay, remainingTimeAfterShouldRetry), options);
  return true;
}
async function pRetry(input, options = {}) {
  options = { ...options };
  options.retries ??= 10;
  validateRetries(options.retries);
  if (Object.hasOwn(options, "forever")) {
    throw new Error("The `forever` option is no longer supported. For many use-cases, you can set `retries: Infinity` instead.");
  }
  options.factor ??= 2;
  options.minTimeout ??= 1e3;
  options.maxTimeout ??= Infinity;
  options.maxRetryTime ??= Infinity;
  options.randomize ??= false;
  options.onFailedAttempt ??= () => {
  };
  options.shouldRetry ??= () => true;
  options.shouldConsumeRetry ??= () => true;
  validateOption("onFailedAttempt", options.onFailedAttempt, "function");
  validateOption("shouldRetry", options.shouldRetry, "function");
  validateOption("shouldConsumeRetry", options.shouldConsumeRetry, "function");
  validateOption("randomize", options.randomize, "boolean");
  validateOption("unref", options.unref, "boolean");
  validateSignal(options.signal);
  validateNumberOption("factor", options.factor);
  validateNumberOption("minTimeout", options.minTimeout);
  validateNumberOption("maxTimeout", options.maxTimeout, { allowInfinity: true });
  validateNumberOption("maxRetryTime", options.maxRetryTime, { allowInfinity: true });
  if (options.factor === 0) {
    options.factor = 1;
  }
  options.signal?.throwIfAborted();
  let attemptNumber = 0;
  let retriesConsumed = 0;
  const startTime = performance.now();
  while (retriesConsumed <= options.retries) {
    attemptNumber++;
    try {
      options.signal?.throwIfAborted();
      const result = await input(attemptNumber);
      options.signal?.throwIfAborted();
      return result;
    } catch (error) {
      if (await onAttemptFailure({
        error,
        attemptNumber,
        retriesConsumed,
        startTime,
        options
      })) {
        retriesConsumed++;
      }
    }
  }
  throw new Error("Retry attempts exhausted without throwing an error.");
}

// src/host/known-hosts.ts
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
function parseKnownHosts(text2) {
  return text2.split(/\r?\n/).flatMap((line) => parseLine(line.trim()) ?? []);
}
function parseLine(line) {
  if (line === "" || line.startsWith("#")) return void 0;
  const words = line.split(/\s+/);
  const marker = words[0]?.startsWith("@") ? words.shift() : "";
  if (marker !== "" && marker !== "@revoked" && marker !== "@cert-authority") return void 0;
  const [names, type, encoded] = words;
  if (names === void 0 || type === void 0 || encoded === void 0) return void 0;
  const key = Buffer.from(encoded, "base64");
  if (keyType(key) !== type) return void 0;
  return { marker, patterns: names.split(","), type, key };
}
function keyType(key) {
  if (key.length < 4) return "";
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString("latin1");
}
function fingerprint(key) {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}
function namesOf(address, port2) {
  const bracketed = `[${address.toLowerCase()}]:${port2}`;
  return port2 === 22 ? [address.toLowerCase(), bracketed] : [bracketed];
}
function matches(entry2, names) {
  const hit = (pattern) => names.some((name) => matchesPattern(pattern, name));
  if (entry2.patterns.some((pattern) => pattern.startsWith("!") && hit(pattern.slice(1)))) return false;
  return entry2.patterns.some((pattern) => !pattern.startsWith("!") && hit(pattern));
}
function matchesPattern(pattern, name) {
  if (pattern.startsWith("|1|")) return matchesHash(pattern, name);
  const source = pattern.toLowerCase().replaceAll(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(name);
}
function matchesHash(pattern, name) {
  const [, , salt, hash] = pattern.split("|");
  if (salt === void 0 || hash === void 0) return false;
  const expected = Buffer.from(hash, "base64");
  const actual = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
function knownTypes(known, address, port2) {
  const names = namesOf(address, port2);
  return [...new Set(known.filter((e) => e.marker === "" && matches(e, names)).map((e) => e.type))];
}
function checkHostKey(known, address, port2, key) {
  const entries = known.filter((entry2) => matches(entry2, namesOf(address, port2)));
  const same = entries.filter((entry2) => entry2.key.equals(key));
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  if (same.some((entry2) => entry2.marker === "@revoked")) throw revoked(shown);
  if (same.some((entry2) => entry2.marker === "")) return;
  const plain2 = entries.filter((entry2) => entry2.marker === "");
  if (plain2.length > 0) throw changed(shown, plain2);
  throw unknown2(shown, knownHostsLine(address, port2, key), entries.length > 0);
}
function knownHostsLine(address, port2, key) {
  return `${port2 === 22 ? address : `[${address}]:${port2}`} ${keyType(key)} ${key.toString("base64")}`;
}
function revoked(shown) {
  return new Problem(`the host shows a key that known_hosts marks as revoked: ${shown}`, {
    code: "HOST_KEY_REVOKED",
    hint: "Give the host new keys (ssh-keygen -A after removing the old ones) and list these; nothing was sent to it."
  });
}
function changed(shown, entries) {
  const expected = entries.map((entry2) => `${entry2.type} ${fingerprint(entry2.key)}`).join(", ");
  return new Problem(`the host shows the key ${shown}, known_hosts has ${expected}`, {
    code: "HOST_KEY_CHANGED",
    hint: "Either the host was installed anew (then replace its lines in known_hosts after comparing fingerprints on its console), or someone else answers at its address."
  });
}
function unknown2(shown, line, onlyAuthorities) {
  const authorities = onlyAuthorities ? " Lines with @cert-authority are not supported." : "";
  return new Problem(`known_hosts has no key for this host, which shows ${shown}`, {
    code: "HOST_KEY_UNKNOWN",
    hint: `Compare the fingerprint on the host's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub and so on), then add: ${line}${authorities}`
  });
}

// src/host/private-key.ts
import { createPrivateKey, randomBytes } from "node:crypto";
function normalPrivateKey(text2) {
  const clean = `${text2.replaceAll("\r", "").trim()}
`;
  const kind = /^-----BEGIN ([A-Z0-9 ]*)-----$/m.exec(clean)?.[1];
  if (kind === void 0 || !kind.endsWith("PRIVATE KEY")) throw invalid(notAKey(clean));
  if (kind === "ENCRYPTED PRIVATE KEY" || /^Proc-Type: 4,ENCRYPTED/m.test(clean)) throw invalid(protectedKey);
  if (kind === "OPENSSH PRIVATE KEY") return clean;
  try {
    return convert(createPrivateKey(clean));
  } catch (cause) {
    throw cause instanceof Problem ? cause : invalid("its content is damaged");
  }
}
var protectedKey = "it is protected by a passphrase; give a key without one, made for this purpose";
function notAKey(text2) {
  if (/^(ssh-|ecdsa-|sk-)/.test(text2)) return "it is a public key; the private one is needed";
  if (text2.startsWith("PuTTY")) return "it is in PuTTY format; export it as an OpenSSH key";
  if (text2.trim() === "") return "it is empty";
  return 'it has no line "-----BEGIN \u2026 PRIVATE KEY-----" of its own; keep the line breaks when you paste it';
}
function invalid(why) {
  return new Problem(`the SSH private key cannot be read: ${why}`, {
    code: "SSH_KEY_INVALID",
    hint: 'Make one with: ssh-keygen -t ed25519 -N "" -f key, and store the whole file "key" as the secret.'
  });
}
function convert(key) {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" }).toString();
    case "ec":
      return key.export({ type: "sec1", format: "pem" }).toString();
    case "ed25519":
      return openSshEd25519(key);
    default:
      throw invalid(`keys of the kind ${key.asymmetricKeyType} are not for SSH`);
  }
}
function openSshEd25519(key) {
  const { d = "", x = "" } = key.export({ format: "jwk" });
  const publicPart = Buffer.from(x, "base64url");
  const type = field("ssh-ed25519");
  const check = randomBytes(4);
  const privatePart = Buffer.concat([Buffer.from(d, "base64url"), publicPart]);
  const inner = Buffer.concat([check, check, type, field(publicPart), field(privatePart), field("")]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - inner.length % 8) % 8));
  const outer = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[field("none"), field("none"), field(""), Buffer.from([0, 0, 0, 1])],
    field(Buffer.concat([type, field(publicPart)])),
    field(Buffer.concat([inner, padding]))
  ]);
  const lines = outer.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}
function field(value) {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

// src/host/connection.ts
async function connect(host2, access, log) {
  const identity = identityOf(access);
  return await pRetry(async () => await connectOnce(host2, identity), {
    retries: access.retries ?? 4,
    minTimeout: 500,
    factor: 2,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof Problem && error.code === "HOST_UNREACHABLE",
    onFailedAttempt: ({ error, retriesLeft }) => {
      if (retriesLeft > 0) log.debug(`${host2.name}: ${error.message}, trying again`);
    }
  });
}
function identityOf(access) {
  const { privateKey, knownHosts, connectTimeout = 1e4 } = access;
  if (privateKey === void 0 && !process.env.SSH_AUTH_SOCK) {
    throw invalid("none is given, and there is no SSH agent (SSH_AUTH_SOCK)");
  }
  return {
    known: parseKnownHosts(knownHosts),
    privateKey: privateKey === void 0 ? void 0 : normalPrivateKey(privateKey),
    timeout: connectTimeout
  };
}
async function connectOnce(host2, identity) {
  if (host2.jump === void 0) return connection(await logIn(host2, await dial(host2, identity), identity));
  const jump = await logIn(host2.jump, await dial(host2.jump, identity), identity);
  try {
    const through = await forwardOut(clientOf(jump), host2).catch((cause) => {
      throw unreachable2(host2, cause);
    });
    const ssh2 = await logIn(host2, through, identity);
    clientOf(ssh2).once("close", () => jump.dispose());
    return connection(ssh2);
  } catch (error) {
    jump.dispose();
    throw error;
  }
}
function dial(to, identity) {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: to.address, port: to.port, noDelay: true });
    const timer = setTimeout(() => fail(new Error(`no answer within ${identity.timeout} ms`)), identity.timeout);
    const fail = (cause) => {
      clearTimeout(timer);
      socket.destroy();
      reject(unreachable2(to, cause));
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
async function logIn(to, sock, identity) {
  const { NodeSSH } = await import("./esm-FUPNXCXJ.js");
  const ssh2 = new NodeSSH();
  let refusal;
  const hostVerifier = (key) => {
    try {
      checkHostKey(identity.known, to.address, to.port, key);
      return true;
    } catch (error) {
      if (error instanceof Problem) refusal = error;
      return false;
    }
  };
  try {
    await ssh2.connect({ ...sshConfig(to, identity), sock, hostVerifier });
  } catch (cause) {
    sock.destroy();
    throw refusal ?? classify(to, cause);
  }
  clientOf(ssh2).on("error", () => {
  });
  return ssh2;
}
function sshConfig(to, identity) {
  const byAgent = identity.privateKey === void 0;
  return {
    username: to.user,
    ...byAgent ? { agent: process.env.SSH_AUTH_SOCK ?? "" } : { privateKey: identity.privateKey ?? "" },
    authHandler: [byAgent ? "agent" : "publickey"],
    readyTimeout: identity.timeout,
    keepaliveInterval: 5e3,
    keepaliveCountMax: 4,
    algorithms: {
      cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr"],
      serverHostKey: hostKeyOrder(knownTypes(identity.known, to.address, to.port))
    }
  };
}
var hostKeyAlgorithms = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256"
];
function hostKeyOrder(types) {
  const isKnown = (algorithm) => types.includes(algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm);
  return [...hostKeyAlgorithms.filter(isKnown), ...hostKeyAlgorithms.filter((name) => !isKnown(name))];
}
function classify(to, cause) {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const level = "level" in error ? error.level : void 0;
  if (error.message.includes("privateKey")) return invalid(error.message.replace(/^.*privateKey:? */, ""));
  if (level === "client-authentication") return authFailed(to, error);
  if (level === "agent") return invalid(`the SSH agent failed: ${error.message}`);
  return unreachable2(to, error);
}
function authFailed(to, cause) {
  return new Problem(`${to.address} does not accept the key for the user ${to.user}`, {
    code: "SSH_AUTH_FAILED",
    hint: `Add the public key to ~${to.user}/.ssh/authorized_keys on the host, or set the right user.`,
    cause
  });
}
function unreachable2(to, cause) {
  return new Problem(`cannot reach ${to.address}:${to.port} by SSH: ${cause.message}`, {
    code: "HOST_UNREACHABLE",
    hint: "Is the host up, is the address right, and does a firewall let the runner in?",
    cause
  });
}
function clientOf(ssh2) {
  if (ssh2.connection === null) throw lost();
  return ssh2.connection;
}
function lost(cause) {
  return new Problem("the connection to the host broke off", {
    code: "CONNECTION_LOST",
    hint: "Run the job again: it goes on where this one stopped.",
    cause
  });
}
function forwardOut(client, to) {
  return new Promise((resolve, reject) => {
    client.forwardOut(
      "127.0.0.1",
      0,
      to.address,
      to.port,
      (error, channel) => error ? reject(error) : resolve(channel)
    );
  });
}
function notForwarded(address, port2, cause) {
  return new Problem(`the host cannot reach ${address}:${port2}: ${cause.message.replace(/^\(SSH\) /, "")}`, {
    code: "FORWARD_FAILED",
    hint: "Does something listen there, and does the host's SSH server allow TCP forwarding (AllowTcpForwarding)?",
    cause
  });
}
function connection(ssh2) {
  return {
    exec: (command) => new Promise((resolve, reject) => {
      clientOf(ssh2).exec(command, (error, channel) => error ? reject(lost(error)) : resolve(channel));
    }),
    forward: async (address, port2) => await forwardOut(clientOf(ssh2), { address, port: port2 }).catch((cause) => {
      throw notForwarded(address, port2, cause);
    }),
    close: () => ssh2.dispose()
  };
}

// src/host/expand.ts
import { createHash as createHash2 } from "node:crypto";

// src/host/ledger.ts
function parseEntry(line) {
  const [kind = "", subject = "", ...extra] = line.split("	");
  return { kind, subject, extra: extra.join("	") };
}
function entry(kind, subject, extra = "") {
  return { kind, subject, extra };
}
function ledgerText(entries) {
  const lines = new Map(entries.map((e) => [keyOf(e), `${e.kind}	${e.subject}	${e.extra}
`]));
  return [...lines.values()].join("");
}
function keyOf(e) {
  return `${e.kind}	${e.subject}`;
}
function sysctlPath(key) {
  const firstSlash = key.indexOf("/");
  const firstDot = key.indexOf(".");
  if (firstSlash >= 0 && (firstDot < 0 || firstSlash < firstDot)) return key;
  return key.replaceAll(/[./]/g, (c) => c === "." ? "/" : ".");
}
function systemEntries(scope, state) {
  return [
    ...state.hostEntries.length > 0 ? [entry("hosts", scope)] : [],
    ...state.modules.map((m) => entry("module", m.name, m.check ?? "")),
    ...Object.keys(state.sysctls).map((key) => entry("sysctl", key, sysctlPath(key))),
    ...state.packages.map((p) => entry("package", p.command)),
    ...state.users.map((u) => entry("user", u.name)),
    ...state.units.map((u) => entry("unit", u.name)),
    ...state.images.map((i) => entry("image", i.reference)),
    ...state.absent.map((path) => entry("absent", path))
  ];
}

// src/host/remote/program.ts
var base = `# shellcheck shell=dash disable=SC2034
# What every part of the remote program builds on: its places, and the lines of JSON it answers with.

LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH ENV
umask 077

# The places may be moved by tests that have no host of their own to change.
STATE=\${K8S_HA_TEST_ROOT:-}/var/lib/k8s-ha-action
UNITS=\${K8S_HA_TEST_ROOT:-}/etc/systemd/system
TAB=$(printf '\\t')
NL='
'

# json TEXT: sets JSON to the text as a JSON string. Forks only for what needs escaping.
json() {
  case $1 in
    *[!\\ -~]* | *[\\\\\\"]*)
      JSON=$(printf '%s\\n' "$1" | awk '
        NR > 1 { text = text "\\\\n" }
        { gsub(/[\\\\"]/, "\\\\\\\\&"); gsub(/\\t/, "\\\\t"); gsub(/[\\001-\\037\\177]/, ""); text = text $0 }
        END { print "\\"" text "\\"" }')
      ;;
    *) JSON="\\"$1\\"" ;;
  esac
}

# event KIND [NAME VALUE]\u2026: one line of JSON for the runner. When nobody listens any more, nothing goes on.
event() {
  event_line="{\\"t\\":\\"$1\\""
  shift
  while [ $# -gt 1 ]; do
    json "$2"
    event_line="$event_line,\\"$1\\":$JSON"
    shift 2
  done
  printf '%s}\\n' "$event_line" 2>/dev/null || exit 1
}

log() { event log text "$1"; }

# A sign of life: it keeps the runner patient, and ends us when the connection is gone.
tick() { event tick; }

# die CODE MESSAGE [NAME VALUE]\u2026: tells the runner what went wrong and ends the request.
die() {
  die_code=$1 die_message=$2
  shift 2
  event problem code "$die_code" message "$die_message" "$@"
  exit 1
}

# write_failed PATH: die over what the last command wrote to $TMP/error while it meant to write PATH.
write_failed() {
  write_error=$(cat "$TMP/error" 2>/dev/null)
  case $write_error in
    *'No space left'* | *'quota exceeded'*) die DISK_FULL "no space left to write $1" file "$1" ;;
    *'Read-only file system'*) die DISK_READ_ONLY "the file system of $1 is read-only" file "$1" ;;
    *) die WRITE_FAILED "cannot write $1" file "$1" detail "$write_error" ;;
  esac
}

# as_lines: turns a stream of sections into events; a line that begins with \\001 names the section that follows.
as_lines() {
  awk '
    /^\\001/ { section = substr($0, 2); next }
    { gsub(/[\\\\"]/, "\\\\\\\\&"); gsub(/\\t/, "\\\\t"); gsub(/[\\001-\\037\\177]/, "")
      print "{\\"t\\":\\"line\\",\\"s\\":\\"" section "\\",\\"v\\":\\"" $0 "\\"}" }'
}

section() { printf '\\001%s\\n' "$1"; }
`;
var describe = `# shellcheck shell=dash
# What a file is now, and what a unit read when it started. Shared with the script that hosts run at each start of a unit.

# describe PATH\u2026: for each that exists, as fields with tabs between: path, raw mode in hex, owner, inode:size:mtime:ctime,
# sha256, and how that is known: hashed, recorded (a download whose stat is unchanged) or '' (big and not recorded).
# With HASH_ALL=1 big files without a record are hashed too.
describe() {
  describe_stats=$(stat -L -c "%n\${TAB}%f\${TAB}%U:%G\${TAB}%i:%s:%Y:%Z" -- "$@" 2>/dev/null)
  [ -n "$describe_stats" ] || return 0
  describe_marked=$(printf '%s\\n' "$describe_stats" | awk -F '\\t' -v OFS='\\t' -v sums="$STATE/sums" -v all="\${HASH_ALL:-0}" '
    BEGIN { while ((getline line < sums) > 0) { split(line, f, "\\t"); recorded[f[1] "\\t" f[2]] = f[3] } }
    {
      split($4, s, ":")
      if (length($2) != 4 || $2 !~ /^8/) how = ""
      else if (s[2] < 1048576) how = "hash"
      else if (($1 "\\t" $4) in recorded) how = recorded[$1 "\\t" $4]
      else how = all ? "hash" : ""
      print $0, how
    }')
  describe_hash=$(
    set -f
    IFS=$NL
    # shellcheck disable=SC2046
    set -- $(printf '%s\\n' "$describe_marked" | awk -F '\\t' '$5 == "hash" { print $1 }')
    [ $# -eq 0 ] || sha256sum -- "$@" 2>/dev/null
  )
  printf '%s\\n%s\\n' "$describe_hash" "$describe_marked" | awk -F '\\t' -v OFS='\\t' '
    NF == 1 { sum[substr($0, 67)] = substr($0, 1, 64); next }
    NF == 5 && $5 == "hash" { print $1, $2, $3, $4, sum[$1], "hashed"; next }
    NF == 5 { print $1, $2, $3, $4, $5, ($5 == "" ? "" : "recorded") }'
}

# describe_reads UNIT: the paths of the unit's own file and of what it reads, one a line, then their descriptions.
describe_reads() {
  describe_unit=$1
  set -- "$UNITS/$1"
  if [ -f "$STATE/reads/$describe_unit" ]; then
    while IFS= read -r describe_path; do set -- "$@" "$describe_path"; done <"$STATE/reads/$describe_unit"
  fi
  printf '%s\\n' "$@"
  describe "$@"
}

# fingerprint UNIT: path and value, one line each: the sha256, or inode:size:mtime of a big file, or what else it is.
fingerprint() {
  describe_reads "$1" | awk -F '\\t' '
    NF == 1 { order[++n] = $1; next }
    { split($4, s, ":") }
    $5 != "" { value[$1] = $5; next }
    { value[$1] = length($2) == 4 && $2 ~ /^8/ ? s[1] ":" s[2] ":" s[3] : "other" }
    END { for (i = 1; i <= n; i++) print order[i] "\\t" ((order[i] in value) ? value[order[i]] : "absent") }'
}
`;
var session = `# shellcheck shell=dash
# The session: takes the host's lock, then executes one framed request after the other until the connection ends.

# The lock is a flock on a directory that every host has, so that taking it writes nothing. The kernel drops it with the
# last process that holds descriptor 9: a package manager that outlives the connection still keeps others away.
LOCKED=\${K8S_HA_TEST_ROOT:-}/run
HOLDER=$LOCKED/k8s-ha-action.holder

# take_lock FLAG SECONDS
take_lock() {
  exec 9<"$LOCKED" || die LOCK_FAILED "cannot open $LOCKED"
  flock -n "$1" 9 && return
  if restart_left; then lock_holder='a restart that an earlier run began'; else lock_holder=$(cat "$HOLDER" 2>/dev/null); fi
  event waiting holder "\${lock_holder:-another run}"
  lock_tries=$(($2 * 2)) lock_patience=600
  while [ "$lock_tries" -gt 0 ]; do
    sleep 0.5
    flock -n "$1" 9 && return
    # What a dead run has begun ends by itself, and has limits of its own.
    if [ "$lock_patience" -gt 0 ] && restart_left; then lock_patience=$((lock_patience - 1)); else lock_tries=$((lock_tries - 1)); fi
    tick
  done
  lock_holder=$(cat "$HOLDER" 2>/dev/null)
  die HOST_LOCKED "another run holds this host's lock: \${lock_holder:-a dry run}"
}

# restart_left: does a restart go on whose session has ended?
restart_left() {
  [ ! -e "$HOLDER" ] || return 1
  for lock_rolling in "$LOCKED"/k8s-ha-action.tmp.*/rolling; do [ ! -e "$lock_rolling" ] || return 0; done
  return 1
}

# remove_left: what runs that were killed outright left behind. Under the lock nobody else changes the host, but some may
# ask it: what is theirs stays as long as they do.
remove_left() {
  rm -rf "$LOCKED"/k8s-ha-action.tmp.??????
  for left_place in "$LOCKED"/k8s-ha-action.ask.*; do
    left_pid=\${left_place##*.ask.}
    kill -0 "\${left_pid%%.*}" 2>/dev/null || rm -rf "$left_place"
  done
}

# What still runs under a lock needs its files; the next session removes them.
session_end() {
  claim_end "$CLAIM_HOW"
  [ "$MODE" != x ] || rm -f "$HOLDER"
  [ -e "$TMP/rolling" ] || rm -rf "$TMP"
}

# session MODE SECONDS RUN [HOW SECONDS]: MODE is x (exclusive), s (shared, for dry runs) or n (no lock, for those who
# only ask); RUN names who we are; the rest is about the claim, see claim_begin.
session() {
  command -v flock >/dev/null || die HOST_UNFIT 'the command flock (package util-linux) is missing'
  MODE=$1 LOCK_SECONDS=$2 RUN=$3 CLAIM_HOW=\${4:-}
  [ "$MODE" = n ] || take_lock "-$MODE" "$LOCK_SECONDS"
  claim_begin "$CLAIM_HOW" "\${5:-0}"
  [ "$MODE" != x ] || remove_left
  session_place=tmp
  [ "$MODE" != n ] || session_place=ask.$$
  TMP=$(mktemp -d "$LOCKED/k8s-ha-action.$session_place.XXXXXX") || die WRITE_FAILED "cannot make a directory in $LOCKED"
  trap 'session_end' EXIT
  [ "$MODE" != x ] || printf '%s (pid %s there)\\n' "$RUN" "$$" >"$HOLDER"
  trap 'exit 1' HUP INT TERM PIPE
  TMPDIR=$TMP
  export TMPDIR
  event ready
  while IFS= read -r request_size; do
    head -c "$request_size" >"$TMP/request" || exit 1
    # shellcheck disable=SC1091
    (. "$TMP/request") </dev/null
    event end status "$?"
  done
}
`;
var claim = `# shellcheck shell=dash
# The claim: which run has this host, also between its jobs, when nobody holds the lock. A file in memory, which a reboot
# forgets: until when nobody else may take the host, in seconds since boot; then the runs that had it, the last one first.

CLAIM=$LOCKED/k8s-ha-action-claim

# claim_read: sets CLAIM_UNTIL and CLAIM_RUN, and NOW.
claim_read() {
  CLAIM_UNTIL=0 CLAIM_RUN=''
  [ ! -s "$CLAIM" ] || { read -r CLAIM_UNTIL && read -r CLAIM_RUN; } <"$CLAIM"
  now
}

# claim_write SECONDS: after claim_read, and under a lock. Without a fork, as it is in the way of every job.
claim_write() {
  claim_text="$((NOW + $1))$NL$RUN$NL" claim_line=0
  while read -r claim_name; do
    claim_line=$((claim_line + 1))
    [ "$claim_line" -eq 1 ] || [ "$claim_line" -gt 50 ] || [ "$claim_name" = "$RUN" ] || claim_text=$claim_text$claim_name$NL
  done <"$CLAIM"
  printf '%s' "$claim_text" >"$CLAIM"
}

claim_ours() { [ "$CLAIM_RUN" = "$RUN" ]; }

# Is it kept for another run?
claim_kept() { [ -n "$CLAIM_RUN" ] && ! claim_ours && [ "$CLAIM_UNTIL" -gt "$NOW" ]; }

# Did we have it before another run took it?
claim_lost() { ! claim_ours && [ -e "$CLAIM" ] && grep -Fqx -e "$RUN" "$CLAIM"; }

# claim_wait SECONDS: until no other run has the host. Its jobs need the lock meanwhile.
claim_wait() {
  now
  claim_deadline=$((NOW + $1)) claim_told=''
  while claim_read && claim_kept; do
    [ -n "$claim_told" ] || event waiting holder "$CLAIM_RUN"
    claim_told=1
    [ "$MODE" = n ] || exec 9<&-
    [ "$NOW" -lt "$claim_deadline" ] || die RIVAL_RUN "another run has this cluster: $CLAIM_RUN; unless it goes on, it lets go in $((CLAIM_UNTIL - NOW)) s"
    sleep 1
    tick
    [ "$MODE" = n ] || take_lock "-$MODE" "$LOCK_SECONDS"
  done
}

# claim_take: a first job does, when it has every host's lock; a later one has it.
claim_take() { [ "$CLAIM_HOW" != first ] || claim_put 0; }

# claim_put SECONDS: the host is this run's, and for so long nobody else's.
claim_put() {
  {
    flock 8
    claim_read
    claim_write "$1"
  } 8<>"$CLAIM" || die WRITE_FAILED "cannot write $CLAIM"
}

# claim_renew SECONDS: the same, while no other run has taken it; those who only ask come without the host's lock.
claim_renew() {
  {
    flock 8
    claim_read
    claim_kept || claim_lost || claim_write "$1"
  } 8<>"$CLAIM"
}

# claim_begin HOW SECONDS: the first job of a run waits for its turn. A later one goes on where the first was, and so does a
# job that is a run of its own.
claim_begin() {
  CLAIM_KEEP=0
  case $1 in
    first) claim_wait "$2" ;;
    later | last)
      CLAIM_KEEP=$2
      claim_read
      ! claim_lost || die RUN_OVERTAKEN "another run has taken this cluster since: $CLAIM_RUN"
      claim_wait "$LOCK_SECONDS"
      claim_renew "$2"
      ;;
  esac
}

# claim_end HOW: however the session ended. The time begins anew, or the host is given back.
claim_end() {
  case $1 in
    later) claim_renew "$CLAIM_KEEP" ;;
    last) claim_renew 0 ;;
  esac
}
`;
var inspect = `# shellcheck shell=dash
# The first exchange: facts, and what the host has of what it was told to have. Raw lines in sections; the runner makes
# sense of them, so that this side stays small and quick. Reads only.

# The runner compares this with its own clock, so it goes out before anything slow.
inspect_clock() { event clock now "$(date +%s.%N)"; }

inspect_facts() {
  section facts
  printf 'machine %s\\n' "$(uname -m)"
  [ -e /sys/fs/cgroup/cgroup.controllers ] && printf 'cgroup 2\\n'
  for facts_word in apt-get dnf zypper; do
    command -v "$facts_word" >/dev/null && printf 'package-manager %s\\n' "$facts_word" && break
  done
  # The library's name tells systemd's version without starting it.
  for facts_word in /usr/lib/systemd/libsystemd-shared-*.so /usr/lib/*/systemd/libsystemd-shared-*.so; do
    [ -e "$facts_word" ] && printf 'systemd %s\\n' "\${facts_word##*/libsystemd-shared-}"
  done
  section file
  set --
  for facts_word in /etc/os-release /etc/machine-id /proc/sys/kernel/hostname /etc/hostname /proc/sys/kernel/osrelease \\
    /proc/meminfo /proc/swaps /sys/devices/system/cpu/online /sys/fs/selinux/enforce /etc/ufw/ufw.conf; do
    [ -r "$facts_word" ] && set -- "$@" "$facts_word"
  done
  awk 'FNR == 1 { print "=" FILENAME } { print "-" $0 }' "$@"
  section address
  if command -v ip >/dev/null; then ip -o addr show; else awk '
    /\\|--/ { address = $2 } /32 host LOCAL/ { print "0: ? inet " address "/32" }' /proc/net/fib_trie | sort -u; fi
  section foreign
  for facts_word in /etc/kubernetes/manifests/*.yaml /var/lib/rancher /etc/rancher /var/lib/k0s /etc/k0s /var/snap/microk8s \\
    /var/lib/minikube /etc/kubernetes/kubelet.conf /etc/kubernetes/admin.conf /opt/rke /etc/rke2; do
    [ -e "$facts_word" ] && printf '%s\\n' "$facts_word"
  done
  for facts_word in kubelet kube-proxy kube-apiserver kube-controller-manager kube-scheduler etcd k3s k3s-agent rke2-server \\
    rke2-agent k0scontroller k0sworker; do
    for facts_unit in "$UNITS/$facts_word.service" "/usr/lib/systemd/system/$facts_word.service" \\
      "/lib/systemd/system/$facts_word.service"; do
      [ -e "$facts_unit" ] && printf '%s\\n' "$facts_unit" && break
    done
  done
}

# Listening TCP sockets with the unit of the process that owns them: /proc only, one pass.
inspect_listening() {
  section listening
  # shellcheck disable=SC2012
  ls -l /proc/[0-9]*/fd 2>/dev/null | awk '
    function unit_of(pid,   line, found, n, part, i) {
      if (pid in units) return units[pid]
      while ((getline line < ("/proc/" pid "/cgroup")) > 0) {
        if (line !~ /^0::|name=systemd/) continue
        n = split(line, part, "/")
        for (i = n; i > 1 && found == ""; i--) if (part[i] ~ /\\.(service|scope)$/) found = part[i]
      }
      close("/proc/" pid "/cgroup")
      return units[pid] = found
    }
    BEGIN {
      for (i = 1; i <= 2; i++) {
        file = i == 1 ? "/proc/net/tcp" : "/proc/net/tcp6"
        while ((getline line < file) > 0) {
          split(line, f, " ")
          if (f[4] == "0A" && !(f[10] in address)) { address[f[10]] = f[2]; order[++n] = f[10] }
        }
      }
    }
    /^\\/proc\\// { split($1, p, "/"); pid = p[3]; next }
    / -> socket:\\[/ {
      inode = $NF; gsub(/[^0-9]/, "", inode)
      if ((inode in address) && !(inode in owner)) owner[inode] = unit_of(pid)
    }
    END { for (i = 1; i <= n; i++) print address[order[i]], owner[order[i]] }'
}

# inspect_disks PATH\u2026: a path that is not there yet is answered for by the nearest one above it.
inspect_disks() {
  section disk
  for disk_path in "$@"; do
    disk_there=$disk_path
    while [ ! -e "$disk_there" ]; do
      disk_there=\${disk_there%/*}
      disk_there=\${disk_there:-/}
    done
    df -Pk "$disk_there" | awk -v path="$disk_path" 'NR == 2 { print $4, path }'
  done
}

# inspect_read PATTERN\u2026: sizes and names, then all contents as one base64 text.
inspect_read() {
  set -- "$@"
  read_patterns=$(printf '%s\\n' "$@")
  set --
  read_ifs=$IFS
  IFS=$NL
  for read_path in $read_patterns; do [ -f "$read_path" ] && set -- "$@" "$read_path"; done
  IFS=$read_ifs
  [ $# -gt 0 ] || return 0
  section read
  stat -L -c "%s$TAB%n" -- "$@"
  section content
  cat -- "$@" | base64
}

# inspect_ask NUMBER COMMAND
inspect_ask() {
  section "ask $1"
  timeout 30 sh -c "$2" </dev/null 2>/dev/null
  ask_status=$?
  # A last line without its end must not swallow the next section's mark.
  printf '\\n'
  section status
  printf '%s %s\\n' "$1" "$ask_status"
}
`;
var look = `# shellcheck shell=dash
# A look at things by name: those that the host's own lists name (look_ledger) and those that the runner asks for.

LOOK_UNITS='' LOOK_LINKS='' LOOK_SYSCTLS='' LOOK_IMAGES=''

look_begin() { : >"$TMP/paths"; }
look_paths() { printf '%s\\n' "$@" >>"$TMP/paths"; }
look_links() { for look_word in "$@"; do LOOK_LINKS="$LOOK_LINKS$look_word$NL"; done; }
look_units() { LOOK_UNITS="$LOOK_UNITS $*"; }
look_images() { LOOK_IMAGES=1; }

# look_sysctl KEY PATH_UNDER_PROC_SYS
look_sysctl() { LOOK_SYSCTLS="$LOOK_SYSCTLS$1$TAB$2$NL"; }

look_command() { command -v "$1" >/dev/null && printf '\\001command\\n%s\\n' "$1"; :; }
look_user() { id -u "$1" >/dev/null 2>&1 && printf '\\001user\\n%s\\n' "$1"; :; }

# module_there NAME [CHECK]
module_there() {
  case \${2:-} in
    '') [ -e "/sys/module/$1" ] ;;
    untellable) [ -e "/sys/module/$1" ] || grep -q "^$1$TAB" "$STATE/modules" 2>/dev/null ;;
    filesystem:*) grep -qw "\${2#filesystem:}" /proc/filesystems ;;
    *) [ -e "$2" ] ;;
  esac
}

look_module() { module_there "$1" "\${2:-}" && printf '\\001module\\n%s\\n' "$1"; :; }

# look_ledger: the lists of all scopes, and a look at all that they name.
look_ledger() {
  for look_scope in "$STATE"/scopes/*; do
    [ -f "$look_scope" ] || continue
    printf '\\001scope\\n%s\\n\\001ledger\\n' "\${look_scope##*/}"
    cat "$look_scope"
    while IFS=$TAB read -r look_kind look_subject look_extra; do
      case $look_kind in
        file | directory | download | absent) printf '%s\\n' "$look_subject" >&4 ;;
        link) LOOK_LINKS="$LOOK_LINKS$look_subject$NL" ;;
        unit) LOOK_UNITS="$LOOK_UNITS $look_subject" ;;
        sysctl) look_sysctl "$look_subject" "\${look_extra%%"$TAB"*}" ;;
        module) look_module "$look_subject" "\${look_extra%%"$TAB"*}" ;;
        package) look_command "$look_subject" ;;
        user) look_user "$look_subject" ;;
        image) LOOK_IMAGES=1 ;;
      esac
    done <"$look_scope" 4>>"$TMP/paths"
  done
  for look_word in sums modules; do
    [ -f "$STATE/$look_word" ] && section "$look_word" && cat "$STATE/$look_word"
  done
  if [ -f "$STATE/pending" ]; then section pending && cat "$STATE/pending"; fi
}

# look_end: what is cheaper asked once for all.
look_end() {
  look_unit_records
  section path
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2046
    set -- $(sort -u "$TMP/paths")
    [ $# -eq 0 ] || HASH_ALL=1 describe "$@"
  )
  section link
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2086
    set -- $LOOK_LINKS
    [ $# -eq 0 ] || stat -c '%N' -- "$@" 2>/dev/null
  )
  section sysctl
  # By awk: the kernel hands out a number in one piece only, and read of dash asks for one byte at a time.
  [ -z "$LOOK_SYSCTLS" ] || printf '%s' "$LOOK_SYSCTLS" | awk -F '\\t' '
    { file = "/proc/sys/" $2; if ((getline value < file) > 0) print $1 "\\t" value; close(file) }'
  section hostname
  IFS= read -r look_word </proc/sys/kernel/hostname && printf '%s\\n' "$look_word"
  section swap
  while IFS= read -r look_word; do printf '%s\\n' "$look_word"; done </proc/swaps
  section hosts
  cat "\${K8S_HA_TEST_ROOT:-}/etc/hosts" 2>/dev/null
  section unit
  # shellcheck disable=SC2086
  set -- systemd-resolved.service firewalld.service ufw.service $LOOK_UNITS
  systemctl show -p Id -p LoadState -p ActiveState -p SubState -p InvocationID -p NeedDaemonReload "$@" 2>/dev/null
  [ -z "$LOOK_IMAGES" ] || look_image_list
}

# The records of units: what each read at its last start, and what it reads in general.
look_unit_records() {
  # shellcheck disable=SC2086
  for look_word in $LOOK_UNITS; do
    for look_kind in started reads; do
      [ -f "$STATE/$look_kind/$look_word" ] || continue
      printf '\\001%s %s\\n' "$look_kind" "$look_word"
      cat "$STATE/$look_kind/$look_word"
      [ "$look_kind" = started ] || cat "$STATE/reads/$look_word" >>"$TMP/paths"
    done
  done
}

look_image_list() {
  [ -S /run/containerd/containerd.sock ] && command -v ctr >/dev/null || return 0
  section image
  timeout 20 ctr -n k8s.io images ls -q 2>/dev/null
}
`;
var files = `# shellcheck shell=dash
# Changes of files. What is new is written beside its place, synced with all others of the request, and renamed.

# apply_begin SCOPE: stdin: the scope's list, old and new together, so that a kill at any moment leaves nothing unlisted.
apply_begin() {
  SCOPE=$1 RELOAD='' WORKERS=''
  trap 'kill $WORKERS 2>/dev/null' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  make_directories "$STATE" "$STATE/scopes" "$STATE/started" "$STATE/reads"
  remove_pending
  ledger_write
  : >"$TMP/renames"
  : >"$TMP/records"
}

# ledger_write: stdin, in base64, becomes the scope's list.
ledger_write() {
  { base64 -d >"$STATE/scopes/.$SCOPE" && sync_paths "$STATE/scopes/.$SCOPE" &&
    mv -f "$STATE/scopes/.$SCOPE" "$STATE/scopes/$SCOPE"; } 2>"$TMP/error" || write_failed "$STATE/scopes/$SCOPE"
}

# apply_end: nothing temporary is left from here on.
apply_end() {
  rm -rf "$STATE/pending" "$STATE/downloads"
}

# ledger_drop: the scope wants nothing any more; the last one takes the state directory with it.
ledger_drop() {
  rm -f "$STATE/scopes/$SCOPE"
  rmdir "$STATE/scopes" 2>/dev/null && rm -rf "$STATE"
  :
}

# pending: stdin, in base64: the temporary names that the request may leave behind when it is killed.
pending() { base64 -d >"$STATE/pending" 2>"$TMP/error" || write_failed "$STATE/pending"; }

remove_pending() {
  [ -f "$STATE/pending" ] || return 0
  while IFS= read -r pending_path; do rm -f "$pending_path"; done <"$STATE/pending"
  rm -f "$STATE/pending"
}

# An old sync does not know its argument for files; then all is synced.
sync_paths() { sync -d -- "$@" 2>/dev/null || sync; }

make_directories() { mkdir -p -- "$@" 2>"$TMP/error" || write_failed "$1"; }

# beside PATH: sets BESIDE to the temporary name next to it, and makes its directory.
beside() {
  beside_dir=\${1%/*}
  [ -d "\${beside_dir:=/}" ] || {
    umask 022
    make_directories "$beside_dir"
    umask 077
  }
  [ ! -d "$1" ] || die WRONG_TYPE "$1 is a directory, a file is to be there" file "$1"
  BESIDE=$beside_dir/.k8s-ha-action.\${1##*/}
}

# dress PATH MODE OWNER: for a temporary file, which is born 600 root:root.
dress() {
  { [ "$2" = 600 ] || chmod "$2" "$1"; } 2>"$TMP/error" || write_failed "$1"
  { [ "$3" = root:root ] || chown "$3" "$1"; } 2>"$TMP/error" || write_failed "$1"
}

# put_file PATH MODE OWNER: stdin: the content in base64.
put_file() {
  beside "$1"
  # An old one keeps its mode when it is written to.
  [ ! -e "$BESIDE" ] || rm -f "$BESIDE"
  base64 -d >"$BESIDE" 2>"$TMP/error" || write_failed "$1"
  dress "$BESIDE" "$2" "$3"
  printf '%s\\t%s\\n' "$BESIDE" "$1" >>"$TMP/renames"
}

put_directory() {
  [ -d "$1" ] || { [ ! -e "$1" ] && [ ! -L "$1" ]; } || die WRONG_TYPE "$1 is no directory, one is to be there" file "$1"
  umask 022
  make_directories "$1"
  umask 077
  { chmod "$2" "$1" && chown "$3" "$1"; } 2>"$TMP/error" || write_failed "$1"
}

# put_link PATH TARGET
put_link() {
  beside "$1"
  { ln -sf "$2" "$BESIDE" && mv -f "$BESIDE" "$1"; } 2>"$TMP/error" || write_failed "$1"
}

# commit_files: one sync for all that was written, then every rename.
commit_files() {
  [ -s "$TMP/renames" ] || return 0
  set --
  while IFS=$TAB read -r commit_from commit_to; do set -- "$@" "$commit_from"; done <"$TMP/renames"
  sync_paths "$@"
  while IFS=$TAB read -r commit_from commit_to; do
    mv -f "$commit_from" "$commit_to" 2>"$TMP/error" || write_failed "$commit_to"
  done <"$TMP/renames"
  if [ -e /sys/fs/selinux/enforce ] && command -v restorecon >/dev/null; then
    cut -f 2 "$TMP/renames" | tr '\\n' '\\000' | xargs -0 restorecon 2>/dev/null
  fi
  : >"$TMP/renames"
}

# set_owner PATH MODE OWNER: content is as it should be.
set_owner() { { chown "$3" "$1" && chmod "$2" "$1"; } 2>"$TMP/error" || write_failed "$1"; }

# put_hosts_block: stdin: the lines of the scope's block in /etc/hosts in base64; none: the block goes.
put_hosts_block() {
  hosts_file=\${K8S_HA_TEST_ROOT:-}/etc/hosts
  base64 -d >"$TMP/block"
  {
    awk -v begin="# BEGIN k8s-ha-action $SCOPE" -v end="# END k8s-ha-action $SCOPE" '
      $0 == begin { inside = 1 } !inside { print } $0 == end { inside = 0 }' "$hosts_file"
    [ ! -s "$TMP/block" ] || {
      printf '# BEGIN k8s-ha-action %s\\n' "$SCOPE"
      cat "$TMP/block"
      printf '# END k8s-ha-action %s\\n' "$SCOPE"
    }
  } >"$TMP/hosts" 2>/dev/null
  beside "$hosts_file"
  # A hosts file that is mounted from outside cannot be replaced, only written.
  { cp "$TMP/hosts" "$BESIDE" && chmod 644 "$BESIDE" && { mv -f "$BESIDE" "$hosts_file" 2>/dev/null ||
    { rm -f "$BESIDE" && cat "$TMP/hosts" >"$hosts_file"; }; }; } 2>"$TMP/error" || write_failed "$hosts_file"
}

# remove_path PATH: a file, link or an empty directory of ours; what others put into a directory stays.
remove_path() {
  if [ -d "$1" ] && [ ! -L "$1" ]; then
    rmdir "$1" 2>/dev/null || log "kept $1: it is not empty"
  else
    rm -f "$1" 2>"$TMP/error" || write_failed "$1"
  fi
}

remove_tree() { rm -rf "$1" 2>"$TMP/error" || write_failed "$1"; }
`;
var system = `# shellcheck shell=dash
# Changes of the system itself: name, swap, kernel, packages, users.

set_hostname() {
  hostnamectl set-hostname "$1" 2>/dev/null && return
  { printf '%s\\n' "$1" >/etc/hostname && hostname "$1"; } 2>"$TMP/error" || write_failed /etc/hostname
}

# Units of swap all hang on swap.target: with it masked (by a link of ours) they stay off, and fstab stays as it is.
swap_off() {
  RELOAD=1
  swapoff -a 2>"$TMP/error" || die SWAP_STAYS 'swapoff failed' detail "$(cat "$TMP/error")"
}

# load_module NAME CHECK: one that the kernel has without modprobe's help is fine; one that it can load is also loaded at boot.
# Of an untellable one, modprobe's refusal means nothing: it may be built in. That it was tried is recorded.
load_module() {
  module_there "$1" "$2" || modprobe "$1" 2>"$TMP/error" || module_there "$1" "$2" || [ "$2" = untellable ] ||
    die MODULE_MISSING "the kernel feature $1 is missing and modprobe cannot load it" detail "$(cat "$TMP/error")"
  if modprobe -n -q "$1" 2>/dev/null; then module_boots=yes; else module_boots=no; fi
  { grep -v "^$1$TAB" "$STATE/modules" 2>/dev/null
    printf '%s\\t%s\\n' "$1" "$module_boots"; } >"$TMP/modules"
  cp "$TMP/modules" "$STATE/modules" 2>"$TMP/error" || write_failed "$STATE/modules"
  modules_at_boot
}

modules_at_boot() {
  module_file=\${K8S_HA_TEST_ROOT:-}/etc/modules-load.d/k8s-ha-action.conf
  module_names=$(awk -F '\\t' '$2 == "yes" { print $1 }' "$STATE/modules")
  if [ -n "$module_names" ]; then
    make_directories "\${module_file%/*}"
    { printf '%s\\n' "$module_names" >"$module_file" && chmod 644 "$module_file"; } 2>"$TMP/error" || write_failed "$module_file"
  else
    rm -f "$module_file"
  fi
}

forget_module() {
  sed -i "/^$1$TAB/d" "$STATE/modules" 2>/dev/null
  modules_at_boot
}

# set_sysctl PATH_UNDER_PROC_SYS VALUE
set_sysctl() {
  { printf '%s\\n' "$2" >"/proc/sys/$1"; } 2>"$TMP/error" ||
    die SYSCTL_REFUSED "the kernel refuses $2 for $1" detail "$(cat "$TMP/error")"
}

package_manager() {
  for manager in apt-get dnf zypper; do command -v "$manager" >/dev/null && return; done
  die NO_PACKAGE_MANAGER 'none of apt-get, dnf, zypper is here'
}

# install_packages APT DNF ZYPPER: each a list of names with blanks between.
install_packages() {
  package_manager
  case $manager in
    apt-get) install_names=$1 ;;
    dnf) install_names=$2 ;;
    *) install_names=$3 ;;
  esac
  log "installing $install_names"
  install_run "$install_names" >"$TMP/install" 2>&1 &
  install_pid=$!
  while kill -0 "$install_pid" 2>/dev/null; do
    tick
    sleep 0.5
  done
  wait "$install_pid" && return
  grep -q 'No space left' "$TMP/install" && die DISK_FULL "no space left to install $install_names"
  die PACKAGE_FAILED "$manager cannot install $install_names" detail "$(tail -n 15 "$TMP/install")"
}

install_run() {
  # shellcheck disable=SC2086
  case $manager in
    apt-get) install_apt $1 || { apt-get -q update && install_apt $1; } ;;
    dnf) dnf -y -q install $1 ;;
    zypper) zypper --non-interactive --quiet install --no-recommends $1 ;;
  esac
}

install_apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 \\
    -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef install "$@"
}

# A package's own service must not even start: it would take the port of ours.
hold_unit() { systemctl mask --runtime "$1" >/dev/null 2>&1; :; }
release_unit() {
  systemctl unmask --runtime "$1" >/dev/null 2>&1
  systemctl disable --now "$1" >/dev/null 2>&1
  :
}

# need_command COMMAND: after an install.
need_command() {
  command -v "$1" >/dev/null || die PACKAGE_FAILED "the command $1 is still missing after its package was installed"
}

# add_user NAME HOME
add_user() {
  id -u "$1" >/dev/null 2>&1 && return
  add_shell=/usr/sbin/nologin
  [ -x "$add_shell" ] || add_shell=/sbin/nologin
  useradd --system --user-group --home-dir "$2" --no-create-home --shell "$add_shell" "$1" 2>"$TMP/error" ||
    die USER_FAILED "cannot add the user $1" detail "$(cat "$TMP/error")"
}

remove_user() {
  userdel "$1" 2>"$TMP/error" || log "kept the user $1: $(cat "$TMP/error")"
}
`;
var downloads = `# shellcheck shell=dash
# Verified downloads. A partial file is kept under the name of the sum it is to have, so a later run resumes it.

# want SHA URL: queues a download.
want() { printf '%s\\t%s\\n' "$1" "$2" >>"$TMP/queue"; }

# fetch_start: three at a time, in the background, while the rest of the request goes on.
fetch_start() {
  [ -s "$TMP/queue" ] || return 0
  command -v curl >/dev/null || command -v wget >/dev/null || install_packages curl curl curl
  make_directories "$STATE/downloads"
  for fetch_worker in 1 2 3; do
    fetch_queue &
    WORKERS="$WORKERS $!"
  done
}

# One worker: takes what no other has taken.
fetch_queue() {
  transfer_pid=
  trap '[ -z "$transfer_pid" ] || kill "$transfer_pid" 2>/dev/null; exit 1' TERM HUP INT PIPE
  trap - EXIT
  while IFS=$TAB read -r fetch_sum fetch_url; do
    mkdir "$TMP/taken.$fetch_sum" 2>/dev/null || continue
    fetch "$fetch_sum" "$fetch_url"
  done <"$TMP/queue"
}

sum_of() { sha256sum <"$1" | cut -c 1-64; }

# fetch SHA URL: leaves the verified content in $STATE/downloads/SHA, or dies.
fetch() {
  fetch_file=$STATE/downloads/$1
  fetch_errors=$TMP/transfer.$1
  if [ -s "$fetch_file" ] && [ "$(sum_of "$fetch_file")" = "$1" ]; then return; fi
  fetch_try=1
  while :; do
    fetch_resumed=
    [ -s "$fetch_file" ] && fetch_resumed=1
    if transfer "$2" "$fetch_file"; then
      fetch_got=$(sum_of "$fetch_file")
      if [ "$fetch_got" = "$1" ]; then
        log "downloaded \${2##*/}"
        return
      fi
      rm -f "$fetch_file"
      # What was resumed may have begun as something else: once more from the start.
      [ -n "$fetch_resumed" ] || die DOWNLOAD_SUM_MISMATCH "$2 has the sha256 $fetch_got, expected $1" url "$2"
    else
      fetch_failed "$2" "$?"
    fi
    fetch_try=$((fetch_try + 1))
    if [ "$fetch_try" -gt 3 ]; then
      die DOWNLOAD_FAILED "cannot download $2: $(tail -n 1 "$fetch_errors")" url "$2"
    fi
    sleep 1
  done
}

# transfer URL FILE: in the background, so that a signal to us ends it too.
transfer() {
  if command -v curl >/dev/null; then
    curl -fsSL --connect-timeout 15 --speed-limit 1000 --speed-time 30 -C - -o "$2" "$1" 2>"$fetch_errors" &
  else
    wget -q -c -O "$2" "$1" 2>"$fetch_errors" &
  fi
  transfer_pid=$!
  wait "$transfer_pid"
  transfer_status=$?
  transfer_pid=
  return "$transfer_status"
}

# fetch_failed URL STATUS: dies at once over what another try cannot mend.
fetch_failed() {
  case $2 in
    # The server cannot resume (33), or the part is longer than the whole (416).
    33) rm -f "$fetch_file" ;;
    3 | 23) [ "$(df -Pk "$fetch_file" | awk 'NR == 2 { print $4 }')" -ge 1024 ] || {
      rm -f "$fetch_file"
      die DISK_FULL "no space left to download $1" file "$fetch_file"
    } ;;
    22) case $(cat "$fetch_errors") in
      *416*) rm -f "$fetch_file" ;;
      *40[0134]*) die DOWNLOAD_FAILED "cannot download $1: $(tail -n 1 "$fetch_errors")" url "$1" ;;
    esac ;;
  esac
}

# fetch_wait: until all are there.
fetch_wait() {
  fetch_status=0
  for fetch_worker in $WORKERS; do
    while kill -0 "$fetch_worker" 2>/dev/null; do
      tick
      sleep 0.2
    done
    wait "$fetch_worker" || fetch_status=1
  done
  WORKERS=''
  [ "$fetch_status" = 0 ] || exit 1
}

# place_file SHA URL MODE PATH: a download that is the file itself.
place_file() {
  beside "$4"
  mv -f "$STATE/downloads/$1" "$BESIDE" 2>"$TMP/error" || write_failed "$4"
  dress_download "$BESIDE" "$3"
  printf '%s\\t%s\\n' "$BESIDE" "$4" >>"$TMP/renames"
  record "$4" "$1" "$2" "$1"
}

# place_members SHA URL MODE [MEMBER PATH]\u2026: only these members leave the archive.
place_members() {
  place_sum=$1 place_url=$2 place_mode=$3 place_dir=$STATE/downloads/$1.d
  shift 3
  rm -rf "$place_dir"
  make_directories "$place_dir"
  place_names=
  place_count=$#
  while [ "$place_count" -gt 0 ]; do
    place_names="$place_names$1$NL"
    set -- "$@" "$1" "$2"
    shift 2
    place_count=$((place_count - 2))
  done
  unpack "$STATE/downloads/$place_sum" "$place_dir" || write_failed "$place_dir"
  while [ $# -gt 1 ]; do
    { [ -f "$place_dir/$1" ] && [ ! -L "$place_dir/$1" ]; } || die ARCHIVE_MEMBER_MISSING "$place_url holds no file $1" url "$place_url"
    beside "$2"
    mv -f "$place_dir/$1" "$BESIDE" 2>"$TMP/error" || write_failed "$2"
    dress_download "$BESIDE" "$place_mode"
    printf '%s\\t%s\\n' "$BESIDE" "$2" >>"$TMP/renames"
    record "$2" "$(sum_of "$BESIDE")" "$place_url" "$place_sum"
    shift 2
  done
}

# unpack ARCHIVE DIRECTORY: the members in place_names. Some archives write their names with ./ before them.
unpack() {
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2086
    set -- "$1" "$2" $place_names
    unpack_from=$1
    cd "$2" || exit 1
    shift 2
    tar -xzof "$unpack_from" -- "$@" 2>"$TMP/error" && exit
    grep -q 'No space left' "$TMP/error" && exit 1
    unpack_left=$#
    while [ "$unpack_left" -gt 0 ]; do
      set -- "$@" "./$1"
      shift
      unpack_left=$((unpack_left - 1))
    done
    tar -xzof "$unpack_from" -- "$@" 2>"$TMP/error"
    grep -q 'No space left' "$TMP/error" && exit 1
    exit 0
  )
}

dress_download() { { chmod "$2" "$1" && chown root:root "$1"; } 2>"$TMP/error" || write_failed "$1"; }

# record PATH SHA URL ARCHIVE_SHA: what stands at PATH, written to the list of sums by records_write.
record() { printf '%s\\t%s\\t%s\\t%s\\n' "$@" >>"$TMP/records"; }

# forget_record PATH
forget_record() { printf '%s\\n' "$1" >>"$TMP/records"; }

# records_write: a stat is only worth something after the rename.
records_write() {
  [ -s "$TMP/records" ] || return 0
  cut -f 1 "$TMP/records" | tr '\\n' '\\000' | xargs -0 stat -L -c "%n\${TAB}%i:%s:%Y:%Z" 2>/dev/null >"$TMP/stats"
  touch "$STATE/sums"
  {
    awk -F '\\t' -v OFS='\\t' -v records="$TMP/records" -v stats="$TMP/stats" '
      BEGIN {
        while ((getline line < stats) > 0) { split(line, f, "\\t"); stat[f[1]] = f[2] }
        while ((getline line < records) > 0) {
          n = split(line, f, "\\t"); gone[f[1]] = 1
          if (n == 4 && f[1] in stat) print f[1], stat[f[1]], f[2], f[3], f[4]
        }
      }
      !($1 in gone)' "$STATE/sums" >"$STATE/.sums" && mv -f "$STATE/.sums" "$STATE/sums"
  } 2>"$TMP/error" || write_failed "$STATE/sums"
}

# import_image SHA URL REFERENCE: pinned, so that the kubelet's clean-up leaves it.
import_image() {
  import_tries=0
  until timeout 60 ctr -n k8s.io images import "$STATE/downloads/$1" >"$TMP/error" 2>&1; do
    import_tries=$((import_tries + 1))
    [ "$import_tries" -lt 10 ] || die IMAGE_FAILED "cannot import $3" url "$2" detail "$(cat "$TMP/error")"
    tick
    sleep 0.5
  done
  ctr -n k8s.io images label "$3" io.cri-containerd.pinned=pinned >/dev/null 2>&1
  ctr -n k8s.io images ls -q | grep -qxF "$3" || die IMAGE_FAILED "the archive $2 holds no image $3" url "$2"
}

remove_image() { ctr -n k8s.io images rm "$1" >/dev/null 2>&1; :; }
`;
var units2 = `# shellcheck shell=dash
# Starts and restarts. A unit is restarted when what it read at its last start is not what is on disk now.

# unit NAME TEXT_HASH SECONDS READY HINT: one of the units that are to run, in order of start.
unit() {
  UNIT_NAMES="\${UNIT_NAMES:-} $1"
  printf '%s\\n' "$2" >"$TMP/$1.hash"
  printf '%s\\n' "$3" >"$TMP/$1.seconds"
  printf '%s' "$4" >"$TMP/$1.ready"
  printf '%s\\n' "$5" >"$TMP/$1.hint"
}

# restart_reason NAME TEXT_HASH INVOCATION: prints why a restart is due; nothing when none is.
restart_reason() {
  [ -f "$STATE/started/$1" ] || { printf 'it is not known what it read at its start\\n' && return; }
  describe_reads "$1" | awk -F '\\t' -v hash="$2" -v invocation="$3" -v started="$STATE/started/$1" '
    function why(text) { if (!told) print text; told = 1 }
    BEGIN { while ((getline line < started) > 0) { split(line, f, "\\t"); was[f[1]] = f[2] } }
    NF == 1 { order[++n] = $1; next }
    { split($4, s, ":"); big[$1] = s[1] ":" s[2] ":" s[3]; sum[$1] = $5 == "" ? "other" : $5 }
    END {
      if (was["invocation"] != "" && was["invocation"] != invocation) why("it is not known what it read at its start")
      if (was["loaded"] != hash) why("its unit text changed since its start")
      for (i = 1; i <= n; i++) {
        path = order[i]
        now = path in sum ? sum[path] : "absent"
        if (was[path] != now && !(path in big && was[path] == big[path])) why(path " changed since its start")
      }
    }'
}

# show_units NAME\u2026: name, active state, sub-state, number of restarts and invocation, one line each.
show_units() {
  systemctl show -p Id -p ActiveState -p SubState -p InvocationID -p NRestarts "$@" 2>/dev/null | awk -F = '
    function out() { if (v["Id"] != "") print v["Id"], v["ActiveState"], v["SubState"], v["NRestarts"] + 0, v["InvocationID"]; split("", v) }
    $0 == "" { out(); next }
    { v[$1] = $2 }
    END { out() }'
}

# units_apply: whatever is to run runs, with what is on disk now. Everything starts at once; systemd knows the order.
units_apply() {
  [ -z "$RELOAD" ] || systemctl daemon-reload 2>"$TMP/error" || die RELOAD_FAILED 'systemctl daemon-reload failed' detail "$(cat "$TMP/error")"
  [ -n "\${UNIT_NAMES:-}" ] || return 0
  units_start='' units_restart='' units_roll='' units_wait=''
  # shellcheck disable=SC2086
  show_units $UNIT_NAMES >"$TMP/units"
  while read -r unit_name unit_active unit_sub _ unit_invocation; do
    unit_classify
  done <"$TMP/units"
  [ -z "$units_start" ] || log "starting$units_start"
  # shellcheck disable=SC2086
  {
    [ -z "$units_start" ] || systemctl start --no-block $units_start 2>"$TMP/error" || units_refused $units_start
    [ -z "$units_restart" ] || systemctl restart --no-block $units_restart 2>"$TMP/error" || units_refused $units_restart
  }
  # shellcheck disable=SC2086
  units_ready $units_wait
  for unit_name in $units_roll; do roll "$unit_name"; done
}

# Sorts a unit into those to start, to restart, or to restart with care.
unit_classify() {
  case $unit_active in
    active | reloading) unit_running=1 ;;
    activating) unit_running=1 ;;
    *) unit_running= ;;
  esac
  if [ -z "$unit_running" ]; then
    [ "$unit_active" != failed ] || systemctl reset-failed "$unit_name"
    units_start="$units_start $unit_name" units_wait="$units_wait $unit_name"
    event unit name "$unit_name" did started
    return
  fi
  unit_reason=$(restart_reason "$unit_name" "$(cat "$TMP/$unit_name.hash")" "$unit_invocation")
  if [ -z "$unit_reason" ]; then
    [ "$unit_active" = active ] || units_wait="$units_wait $unit_name"
  elif [ -f "$TMP/$unit_name.live" ] && [ "$unit_active" = active ] && timeout 20 sh "$TMP/$unit_name.live" </dev/null >/dev/null 2>&1; then
    units_roll="$units_roll $unit_name"
  else
    units_restart="$units_restart $unit_name" units_wait="$units_wait $unit_name"
    log "restarting $unit_name: $unit_reason"
    event unit name "$unit_name" did restarted
  fi
}

units_refused() { die UNIT_FAILED "systemd refuses to start $*" unit "$1" detail "$(cat "$TMP/error")"; }

# unit_journal NAME: the last lines, for an error.
unit_journal() { journalctl -u "$1" -n 15 -o cat --no-pager 2>/dev/null; }

# unit_broken NAME WHAT
unit_broken() {
  die UNIT_FAILED "$1 $2" unit "$1" detail "$(unit_journal "$1")" hint "$(cat "$TMP/$1.hint")"
}

# units_ready NAME\u2026: waits for each; looks at all of them meanwhile, so that one that fails is noticed at once.
units_ready() {
  [ $# -gt 0 ] || return 0
  ready_base=$TMP/restarts
  show_units "$@" >"$ready_base"
  now
  ready_began=$NOW
  for ready_name in "$@"; do
    unit_ready "$ready_name" "$TMP/$ready_name.ready" "$(cat "$TMP/$ready_name.seconds")" "$@"
    now
    log "$ready_name is ready after $((NOW - ready_began)) s"
  done
  ready_unchecked=
  for ready_name in "$@"; do
    [ -s "$TMP/$ready_name.ready" ] || ready_unchecked=1
    case $ready_name in *.service) ;; *) record_other "$ready_name" ;; esac
  done
  # A process that dies at once is active for a moment first; where a check has held, it was no such moment.
  [ -z "$ready_unchecked" ] || sleep 0.3
  units_alive "$@"
}

# Sets NOW to the seconds since boot, without a fork, in loops where each counts: seven hosts may share two cores.
now() {
  IFS=. read -r NOW _ </proc/uptime
}

# unit_ready NAME COMMAND_FILE SECONDS NAME\u2026: waits until the first is ready, watching all.
unit_ready() {
  ready_unit=$1 ready_file=$2 ready_seconds=$3
  shift 3
  now
  ready_start=$NOW
  ready_watched=$NOW
  ready_settled=
  until unit_settled "$ready_unit" "$ready_file" && unit_answers "$ready_file"; do
    now
    if [ $((NOW - ready_start)) -ge "$ready_seconds" ]; then
      units_alive "$@"
      die UNIT_NOT_READY "$ready_unit is not ready after $ready_seconds s$(ready_last)" unit "$ready_unit" \\
        detail "$(unit_journal "$ready_unit")" hint "$(cat "$TMP/$ready_unit.hint")"
    fi
    if [ "$NOW" != "$ready_watched" ]; then
      ready_watched=$NOW
      units_alive "$@"
      tick
    fi
    sleep 0.15
  done
}

# What the check itself said last, when it said something.
ready_last() { [ ! -s "$TMP/answer" ] || printf ': %s' "$(tail -n 1 "$TMP/answer")"; }

unit_active() { systemctl is-active -q "$1"; }

# unit_settled NAME CHECK_FILE: active, and no job is to stop or start it any more: a check asked before that may be
# answered by the process that is about to go. Or, for one with a check of its own, running and about to say that it is:
# a first member of etcd says so only when there is a quorum, and those that make it may be set up by other runs, later.
# Asked until it is so, and not again: from then on only the check counts.
unit_settled() {
  [ -z "$ready_settled" ] || return 0
  case $(systemctl show -p ActiveState -p SubState -p Job "$1" 2>/dev/null) in
    *SubState=start"$NL"* | *SubState=start) [ -s "$2" ] || return 1 ;;
    *Job=[1-9]*) return 1 ;;
    *ActiveState=active*) ;;
    *) return 1 ;;
  esac
  ready_settled=1
}

# unit_answers FILE: an empty check is always true.
unit_answers() {
  [ -s "$1" ] || return 0
  timeout 20 sh "$1" </dev/null >"$TMP/answer" 2>&1
}

# units_alive NAME\u2026: dies over one that has failed or restarts again and again.
units_alive() {
  show_units "$@" >"$TMP/alive"
  while read -r alive_name alive_active alive_sub alive_restarts _; do
    [ "$alive_active" != failed ] || unit_failed "$alive_name"
    alive_base=$(awk -v name="$alive_name" '$1 == name { print $4 }' "$ready_base")
    # systemd counts from 0 again after a start by hand.
    [ "$alive_restarts" -ge "\${alive_base:-0}" ] || alive_base=0
    [ $((alive_restarts - \${alive_base:-0})) -lt 3 ] || unit_broken "$alive_name" "keeps failing and restarting ($alive_restarts times)"
    [ "$alive_active" != inactive ] || unit_stopped "$alive_name"
  done <"$TMP/alive"
}

has_job() { systemctl show -p Job "$1" | grep -q 'Job=[1-9]'; }

# A unit that was stopped while it still waited to start counts as failed for the moment before it starts again.
unit_failed() {
  has_job "$1" || ! systemctl is-failed -q "$1" || unit_broken "$1" 'has failed'
}

# No job waits for it and it does not run: a dependency failed, or it ended by itself.
unit_stopped() {
  has_job "$1" || unit_active "$1" || unit_broken "$1" 'does not run'
}

# Only services run the script that records what they read; for others it is written here.
record_other() {
  {
    printf 'invocation\\t\\nloaded\\t%s\\n' "$(cat "$TMP/$1.hash")"
    fingerprint "$1"
  } >"$STATE/started/.$1" && mv -f "$STATE/started/.$1" "$STATE/started/$1"
}

# remove_unit NAME: before its files go.
remove_unit() {
  RELOAD=1
  systemctl disable --now "$1" >/dev/null 2>&1
  systemctl reset-failed "$1" 2>/dev/null
  rm -f "$STATE/started/$1" "$STATE/reads/$1"
}
`;
var rolling = `# shellcheck shell=dash
# A restart while others of its kind serve: under a lock that all hosts share, allowed, and over when healthy again.

# rolling NAME LIVE TURN ALLOW BEFORE HEALTHY SECONDS HINT LOCK\u2026: each command is a line of sh; '' stands for none.
rolling() {
  printf '%s\\n' "$2" >"$TMP/$1.live"
  printf '%s' "$3" >"$TMP/$1.turn"
  printf '%s' "$4" >"$TMP/$1.allow"
  printf '%s' "$5" >"$TMP/$1.before"
  printf '%s' "$6" >"$TMP/$1.healthy"
  printf '%s\\n' "$7" >"$TMP/$1.healthy-seconds"
  printf '%s\\n' "$8" >"$TMP/$1.healthy-hint"
  rolling_name=$1
  shift 8
  printf '%s\\n' "$@" >"$TMP/$rolling_name.lock"
}

# roll NAME: waits for the lock; what happens under it is relayed from a file, as the lock's command owns its output.
roll() {
  roll_name=$1
  roll_file=$TMP/$1.roll
  # A file, as the lock's command would take options of sh for its own.
  printf '%s\\n' "$PROGRAM" "roll_locked '$TMP' '$1'" >"$TMP/roll.sh"
  : >"$roll_file"
  log "$1 has to restart, waiting for the lock"
  (
    # Not for ever: going earlier than it might costs less than not going.
    [ ! -s "$TMP/$roll_name.turn" ] || timeout 300 sh "$TMP/$roll_name.turn"
    set -f
    IFS=$NL
    # shellcheck disable=SC2046
    set -- $(cat "$TMP/$roll_name.lock")
    exec "$@" sh "$TMP/roll.sh"
  ) >"$TMP/lock-output" 2>&1 </dev/null &
  roll_pid=$!
  # The lock's command may be ended while it waits, never between a stop and a start.
  trap 'kill $WORKERS 2>/dev/null; [ -e "$TMP/rolling" ] || kill "$roll_pid" 2>/dev/null' EXIT
  roll_waited=0
  roll_lines=0
  while kill -0 "$roll_pid" 2>/dev/null; do
    tick
    roll_relay
    sleep 0.2
    [ -e "$TMP/rolling" ] && continue
    roll_waited=$((roll_waited + 1))
    [ "$roll_waited" -lt 3000 ] || die LOCK_TIMEOUT "waited 600 s for the lock to restart $1" unit "$1"
  done
  wait "$roll_pid"
  roll_relay
  [ -s "$roll_file" ] || die LOCK_FAILED "cannot take the lock to restart $1" unit "$1" detail "$(tail -n 5 "$TMP/lock-output")"
  grep -q '"t":"over"' "$roll_file" || die UNIT_FAILED "the restart of $1 under the lock broke off" unit "$1" detail "$(tail -n 5 "$TMP/lock-output")"
}

# roll_relay: passes on the lines that are new; a problem among them ends the request.
roll_relay() {
  roll_all=$(wc -l <"$roll_file")
  [ "$roll_all" -gt "$roll_lines" ] || return 0
  sed -n "$((roll_lines + 1)),\${roll_all}p" "$roll_file" || exit 1
  roll_lines=$roll_all
  ! grep -q '"t":"problem"' "$roll_file" || { wait "$roll_pid"; exit 1; }
}

# roll_locked TMP NAME: runs under the lock, in a process of its own.
roll_locked() {
  TMP=$1
  # Begun, it is carried through, also without a runner: the session leaves us what we need.
  : >"$TMP/rolling"
  trap 'rm -f "$TMP/rolling"' EXIT
  trap '' PIPE
  exec >>"$TMP/$2.roll"
  read -r _ _ _ _ roll_invocation <<EOF
$(show_units "$2")
EOF
  if [ -z "$(restart_reason "$2" "$(cat "$TMP/$2.hash")" "$roll_invocation")" ]; then
    event over
    return
  fi
  roll_step allow "$2" || die RESTART_REFUSED "$2 must not restart now: $(tail -n 3 "$TMP/answer")" unit "$2"
  roll_step before "$2" || die RESTART_REFUSED "what comes before the restart of $2 failed: $(tail -n 3 "$TMP/answer")" unit "$2"
  log "restarting $2 under the lock"
  ready_base=$TMP/roll-restarts
  show_units "$2" >"$ready_base"
  now
  roll_began=$NOW
  systemctl restart "$2" 2>"$TMP/answer" || unit_broken "$2" 'has failed'
  unit_ready "$2" "$TMP/$2.ready" "$(cat "$TMP/$2.seconds")" "$2"
  cp "$TMP/$2.healthy-hint" "$TMP/$2.hint"
  unit_ready "$2" "$TMP/$2.healthy" "$(cat "$TMP/$2.healthy-seconds")" "$2"
  now
  log "$2 is healthy again after $((NOW - roll_began)) s"
  event unit name "$2" did restarted
  event over
}

# roll_step NAME UNIT: a line of sh; none is fine.
roll_step() {
  [ -s "$TMP/$2.$1" ] || return 0
  timeout 60 sh "$TMP/$2.$1" </dev/null >"$TMP/answer" 2>&1
}
`;
var recordStart = `# shellcheck shell=dash
# The end of the script that a unit's drop-in runs before each start: record-start UNIT TEXT_HASH.
# It writes down what the unit is about to read, so that a later run knows whether a restart is due.
# TEXT_HASH stands in the drop-in, so it tells which text systemd had loaded, which may be older than the one on disk.

mkdir -p "$STATE/started" || exit 1
{
  printf 'invocation\\t%s\\n' "\${INVOCATION_ID:-}"
  printf 'loaded\\t%s\\n' "$2"
  fingerprint "$1"
} >"$STATE/started/.$1" && mv -f "$STATE/started/.$1" "$STATE/started/$1"
`;
var remoteProgram = [
  base,
  describe,
  session,
  claim,
  inspect,
  look,
  files,
  system,
  downloads,
  units2,
  rolling
].join("\n");
var recordStartScript = ["#!/bin/sh", withoutComments(base), withoutComments(describe), recordStart].join(
  "\n"
);
function withoutComments(script) {
  return script.replaceAll(/^ *#.*\n/gm, "");
}

// src/host/expand.ts
var stateDirectory = "/var/lib/k8s-ha-action";
var unitDirectory = "/etc/systemd/system";
function expand(scope, state) {
  checkNames(scope, state);
  const directories = [...state.directories, ...state.units.filter(isService).map((u) => dropInDirectory(u.name))];
  const files2 = [...state.files, ...sysctlFile(scope, state), ...recordStart2(state), ...state.units.flatMap(unitFiles)];
  const swap = state.swapOff ? [{ path: `${unitDirectory}/swap.target`, target: "/dev/null" }] : [];
  const links = [...swap, ...state.units.flatMap(enablingLinks)];
  const downloads2 = state.downloads.flatMap(places);
  const ledger = [
    ...systemEntries(scope, state),
    ...directories.map((d) => entry("directory", d.path)),
    ...files2.map((f) => entry("file", f.path)),
    ...links.map((l) => entry("link", l.path)),
    ...downloads2.map((d) => entry("download", d.path))
  ];
  return { scope, state, directories, files: files2, links, downloads: downloads2, ledger };
}
function sha256(text2) {
  return createHash2("sha256").update(text2).digest("hex");
}
function isService(unit) {
  return unit.name.endsWith(".service");
}
function unitPath(name) {
  return `${unitDirectory}/${name}`;
}
function dropInDirectory(name) {
  return { path: `${unitPath(name)}.d`, mode: "755", owner: "root:root" };
}
function rootFile(path, content, more = {}) {
  return { path, content, mode: "600", owner: "root:root", secret: false, ...more };
}
function unitFiles(unit) {
  const { name } = unit;
  const reads = rootFile(`${stateDirectory}/reads/${name}`, unit.reads.map((path) => `${path}
`).join(""), {
    unit: name,
    internal: true
  });
  const text2 = rootFile(unitPath(name), unit.content, { unit: name });
  return isService(unit) ? [reads, text2, dropIn(unit)] : [reads, text2];
}
function dropIn(unit) {
  const script = `${stateDirectory}/bin/record-start`;
  const line = `ExecCondition=-+/bin/sh ${script} ${unit.name} ${sha256(unit.content)}`;
  return rootFile(`${unitPath(unit.name)}.d/10-k8s-ha-action.conf`, `[Service]
${line}
`, {
    unit: unit.name,
    internal: true
  });
}
function recordStart2(state) {
  if (state.units.length === 0) return [];
  return [rootFile(`${stateDirectory}/bin/record-start`, recordStartScript, { internal: true })];
}
function enablingLinks(unit) {
  const targets = [...unit.content.matchAll(/^WantedBy=(.*)$/gm)].flatMap(
    (match) => match[1]?.trim().split(/\s+/) ?? []
  );
  return (targets.length > 0 ? targets : ["multi-user.target"]).map((target) => ({
    path: `${unitDirectory}/${target}.wants/${unit.name}`,
    target: unitPath(unit.name),
    unit: unit.name
  }));
}
function sysctlFile(scope, state) {
  const lines = Object.entries(state.sysctls).map(([key, value]) => `${key} = ${value}
`);
  if (lines.length === 0) return [];
  return [rootFile(`/etc/sysctl.d/90-k8s-ha-action-${scope}.conf`, lines.join(""), { mode: "644" })];
}
function places(download) {
  if (typeof download.place === "string") return [{ download, path: download.place }];
  return Object.entries(download.place).map(([member, path]) => ({ download, member, path }));
}
function checkNames(scope, state) {
  if (!/^[a-z][a-z0-9-]*$/.test(scope)) throw badName("scope", scope);
  const paths2 = [
    ...state.directories.map((d) => d.path),
    ...state.files.map((f) => f.path),
    ...state.downloads.flatMap(places).map((d) => d.path),
    ...state.units.flatMap((u) => u.reads),
    ...state.absent
  ];
  for (const path of paths2) {
    if (!/^\/[^\p{Cc}\\'"]+$/u.test(path) || /\/(\.\.?)?(\/|$)/.test(path)) throw badName("path", path);
  }
  for (const path of state.absent) {
    if (path.split("/").length < 3) throw badName("path to remove", path);
  }
  for (const { name } of state.units) {
    if (!/^[A-Za-z0-9:_.@-]+\.[a-z]+$/.test(name)) throw badName("unit", name);
  }
}
function badName(what, name) {
  return new Problem(`${JSON.stringify(name)} cannot be the name of a ${what}`, { code: "BAD_NAME" });
}

// src/host/step.ts
function changesOf(steps) {
  const changes = /* @__PURE__ */ new Map();
  for (const { change: change2 } of steps) {
    if (change2 === void 0) continue;
    const key = `${change2.kind} ${change2.subject}`;
    const before = changes.get(key);
    const known = before?.reason.split(", ").includes(change2.reason) || before?.reason === "missing";
    if (!before || change2.reason === "missing") changes.set(key, change2);
    else if (!known) changes.set(key, { ...change2, reason: `${before.reason}, ${change2.reason}` });
  }
  return [...changes.values()];
}

// src/host/unit-steps.ts
function unitSteps(wanted, now, placing) {
  const after = afterwards(wanted, now, placing);
  return wanted.state.units.flatMap((unit) => {
    const info = now.units.get(unit.name);
    const told = (kind, reason2) => ({
      do: kind,
      unit,
      change: { kind, subject: unit.name, reason: reason2 }
    });
    if (info?.active !== "active" && info?.active !== "reloading" && info?.active !== "activating") {
      return [told("start", info?.active === "failed" ? "failed" : "not running")];
    }
    const reason = restartReason(unit, info.invocation, now, after);
    if (reason !== void 0) return [told("restart", reason)];
    return info.active === "activating" ? [told("start", `still ${info.sub}`)] : [];
  });
}
function afterwards(wanted, now, placing) {
  const files2 = new Map(wanted.files.map((file) => [file.path, sha256(file.content)]));
  const gone2 = new Set(placing.flatMap((step) => step.do === "remove" ? [step.subject] : []));
  const fetched = new Set(placing.flatMap((step) => step.do === "download" ? [step.place.path] : []));
  return (path) => {
    const content = files2.get(path);
    if (content !== void 0) return [content];
    if (fetched.has(path)) return [];
    return gone2.has(path) ? ["absent"] : valuesOf(now.paths.get(path));
  };
}
function valuesOf(info) {
  if (info === void 0) return ["absent"];
  if (info.sha256 === "") return ["other"];
  return [info.sha256, info.stat.split(":").slice(0, 3).join(":")];
}
function restartReason(unit, invocation, now, after) {
  const started = now.started.get(unit.name);
  const recorded = started?.get("invocation");
  if (started === void 0 || recorded !== "" && recorded !== invocation)
    return "it is not known what it read at its start";
  if (started.get("loaded") !== sha256(unit.content)) return "its unit text changed since its start";
  const changed2 = [unitPath(unit.name), ...unit.reads].find((path) => !after(path).includes(started.get(path) ?? ""));
  return changed2 === void 0 ? void 0 : `${changed2} changed since its start`;
}

// src/host/difference.ts
function difference(wanted, now) {
  const placing = [
    ...systemSteps(wanted, now),
    ...wanted.directories.flatMap((directory) => directorySteps(directory, now)),
    ...wanted.files.flatMap((file) => fileSteps(file, now)),
    ...linkSteps(wanted, now),
    ...wanted.downloads.flatMap((place) => downloadSteps(place, now)),
    ...imageSteps(wanted, now),
    ...removalSteps(wanted, now)
  ];
  const steps = [...placing, ...unitSteps(wanted, now, placing)];
  const all = [...steps, ...upkeepSteps(wanted, now, steps)];
  return { steps: all, changes: changesOf(all) };
}
function change(kind, subject, reason) {
  return { change: { kind, subject, reason } };
}
function systemSteps({ scope, state }, now) {
  const steps = [];
  if (state.hostname !== void 0 && state.hostname !== now.hostname) {
    const reason = `${now.hostname} \u2192 ${state.hostname}`;
    steps.push({ do: "hostname", name: state.hostname, ...change("hostname", state.hostname, reason) });
  }
  const block = hostsBlock(now.hosts, scope);
  if (block !== hostLines(state.hostEntries)) {
    const reason = block === "" ? "missing" : "content differs";
    steps.push({ do: "hosts", entries: state.hostEntries, ...change("hosts", "/etc/hosts", reason) });
  }
  if (state.swapOff && now.swap) steps.push({ do: "swap", ...change("swap", "swap", "in use") });
  return [...steps, ...kernelSteps(state, now), ...packageSteps(state, now)];
}
function hostLines(entries) {
  return entries.map(({ address, names }) => `${address} ${names.join(" ")}
`).join("");
}
function hostsBlock(lines, scope) {
  const begin = lines.indexOf(`# BEGIN k8s-ha-action ${scope}`);
  const end = lines.indexOf(`# END k8s-ha-action ${scope}`);
  if (begin < 0 || end < begin) return "";
  return lines.slice(begin + 1, end).map((line) => `${line}
`).join("");
}
function kernelSteps(state, now) {
  const modules = state.modules.flatMap((module) => {
    if (!now.modules.has(module.name))
      return [{ do: "module", module, ...change("module", module.name, "not loaded") }];
    return now.bootModules.has(module.name) ? [] : [{ do: "module", module }];
  });
  const words = (value) => value.trim().split(/\s+/).join(" ");
  const sysctls = Object.entries(state.sysctls).flatMap(([key, value]) => {
    const is = now.sysctls.get(key);
    if (is !== void 0 && words(is) === words(value)) return [];
    return [
      { do: "sysctl", key, value, ...change("sysctl", key, `${is === void 0 ? "missing" : words(is)} \u2192 ${value}`) }
    ];
  });
  return [...modules, ...sysctls];
}
function packageSteps(state, now) {
  return [
    ...state.packages.filter((need) => !now.commands.has(need.command)).map((need) => ({ do: "package", need, ...change("package", need.command, "missing") })),
    ...state.users.filter((user) => !now.users.has(user.name)).map((user) => ({ do: "user", user, ...change("user", user.name, "missing") }))
  ];
}
function isKind(info, kind) {
  return (info.mode & 61440) === (kind === "file" ? 32768 : 16384);
}
function dressReasons(info, mode, owner) {
  const is = info.mode & 4095;
  const isOwner = owner.includes(":") ? info.owner : info.owner.split(":")[0];
  return [
    ...is === Number.parseInt(mode, 8) ? [] : [`mode ${is.toString(8)} \u2192 ${mode}`],
    ...isOwner === owner ? [] : [`owner ${info.owner} \u2192 ${owner}`]
  ];
}
function directorySteps(directory, now) {
  const { path, mode, owner } = directory;
  const info = now.paths.get(path);
  const reasons = info === void 0 ? ["missing"] : isKind(info, "directory") ? dressReasons(info, mode, owner) : ["is no directory"];
  return reasons.length === 0 ? [] : [{ do: "directory", directory, ...change("directory", path, reasons.join(", ")) }];
}
function fileSteps(file, now) {
  const { path, mode, owner } = file;
  const told = (reason) => {
    if (file.unit !== void 0)
      return change("unit", file.unit, file.internal ? "its record of starts differs" : reason);
    return file.internal ? {} : change("file", path, reason);
  };
  const info = now.paths.get(path);
  if (info === void 0) return [{ do: "file", file, ...told("missing") }];
  if (!isKind(info, "file")) return [{ do: "file", file, ...told("is no regular file") }];
  if (info.sha256 !== sha256(file.content)) return [{ do: "file", file, ...told("content differs") }];
  const reasons = dressReasons(info, mode, owner);
  return reasons.length === 0 ? [] : [{ do: "dress", path, mode, owner, ...told(reasons.join(", ")) }];
}
function linkSteps(wanted, now) {
  return wanted.links.filter((link) => now.links.get(link.path) !== link.target).map((link) => {
    const told = link.unit === void 0 ? change("swap", link.path, "not masked") : change("unit", link.unit, "not enabled");
    return { do: "link", link, ...told };
  });
}
function downloadSteps(place, now) {
  const { path, download } = place;
  const info = now.paths.get(path);
  const record2 = now.sums.get(path);
  const known = record2 !== void 0 && info?.sha256 === record2.sha256;
  const have = info && { sha256: info.sha256, archive: known ? record2.archive : "" };
  const fetch2 = (reason) => [
    { do: "download", place, ...have ? { have } : {}, ...change("download", path, reason) }
  ];
  if (info === void 0) return fetch2("missing");
  if (record2 === void 0) return fetch2("of unknown origin");
  if (!known) return fetch2("content differs");
  if (record2.url !== download.url) return fetch2(`${record2.url} \u2192 ${download.url}`);
  const reasons = dressReasons(info, download.mode, "root:root");
  const { mode } = download;
  return [
    ...reasons.length === 0 ? [] : [{ do: "dress", path, mode, owner: "root:root", ...change("download", path, reasons.join(", ")) }],
    // Only touched: noted, so that it need not be hashed again each time.
    ...record2.stat === info.stat && reasons.length === 0 ? [] : [{ do: "record", path, record: record2 }]
  ];
}
function imageSteps({ state }, now) {
  return state.images.filter((image) => !now.images.has(image.reference)).map((image) => ({ do: "image", image, ...change("image", image.reference, "missing") }));
}
function removalSteps(wanted, now) {
  const kept = new Set(
    [...now.ledger].flatMap(([scope, entries]) => scope === wanted.scope ? [] : entries).concat(wanted.ledger).map(keyOf)
  );
  const listed = now.ledger.get(wanted.scope) ?? [];
  const gone2 = listed.filter((e) => !kept.has(keyOf(e))).filter((e) => e.kind !== "hosts" && e.kind !== "absent");
  const replaced = new Set(wanted.ledger.map((e) => e.subject));
  const order = ["unit", "image", "file", "link", "download", "directory", "user", "module", "sysctl", "package"];
  const sorted = gone2.filter((e) => !(isPlace(e) && replaced.has(e.subject))).toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.subject < b.subject ? 1 : -1));
  const absent = wanted.state.absent.filter((path) => now.paths.has(path)).map((path) => entry("absent", path));
  const units3 = new Set(sorted.filter((e) => e.kind === "unit").map((e) => unitPath(e.subject)));
  const own = ({ subject }) => units3.has(subject) || subject.startsWith(`${stateDirectory}/`) || /\/system\/[^/]+\.(d|wants)(\/|$)/.test(subject);
  return [...sorted, ...absent].filter((e) => isThere(e, now)).map((e) => {
    const step = { do: "remove", kind: e.kind, subject: e.subject };
    const reason = e.kind === "absent" ? "must not exist" : "no longer wanted";
    return own(e) || e.kind === "module" ? step : { ...step, ...change("remove", e.subject, reason) };
  });
}
function isPlace(e) {
  return e.kind === "file" || e.kind === "link" || e.kind === "download" || e.kind === "directory";
}
function isThere({ kind, subject, extra }, now) {
  switch (kind) {
    case "unit":
      return now.units.has(subject) && now.units.get(subject)?.load !== "not-found";
    case "image":
      return now.images.has(subject);
    case "link":
      return now.links.has(subject);
    case "user":
      return extra === "created" && now.users.has(subject);
    case "module":
      return now.bootModules.has(subject);
    case "sysctl":
    case "package":
      return false;
    default:
      return now.paths.has(subject);
  }
}
function finalLedger(wanted, now) {
  const before = now.ledger.get(wanted.scope) ?? [];
  const isCreated = (name) => !now.users.has(name) || before.some((e) => e.kind === "user" && e.subject === name && e.extra === "created");
  return wanted.ledger.map(
    (e) => e.kind === "user" && isCreated(e.subject) ? entry("user", e.subject, "created") : e
  );
}
function upkeepSteps(wanted, now, steps) {
  const listed = ledgerText(now.ledger.get(wanted.scope) ?? []);
  const due = ledgerText(finalLedger(wanted, now));
  const reload = wanted.state.units.some(({ name }) => now.units.get(name)?.needReload);
  return [
    ...now.pending.length > 0 ? [{ do: "tidy" }] : [],
    ...reload ? [{ do: "reload" }] : [],
    ...steps.length > 0 || listed !== due ? [{ do: "ledger" }] : []
  ];
}

// src/host/quote.ts
function quote2(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
function call(name, ...args) {
  return [name, ...args.map(quote2)].join(" ");
}
function callWith(content, name, ...args) {
  return `${call(name, ...args)} <<'EOF'
${Buffer.from(content).toString("base64")}
EOF`;
}

// src/host/exchange.ts
var silenceLimit = 18e4;
var Exchange = class _Exchange {
  #channel;
  #host;
  #onEvent = () => {
  };
  #onFailure = () => {
  };
  #failure;
  #turn = Promise.resolve();
  #stderr = "";
  constructor(channel, host2) {
    this.#channel = channel;
    this.#host = host2;
    readLines(channel, (line) => this.#receive(line));
    channel.stderr.on("data", (chunk) => {
      this.#stderr = `${this.#stderr}${chunk.toString()}`.slice(-4e3);
    });
    channel.on("error", (error) => this.#fail(lost(error)));
    channel.on("close", () => this.#fail(this.#sayEnd()));
  }
  /**
   * Starts the remote program as root and takes the host's lock.
   * @throws Problem SUDO_REFUSED, HOST_LOCKED, HOST_UNFIT, RIVAL_RUN, RUN_OVERTAKEN.
   */
  static async open(connection2, host2, options) {
    const program = Buffer.from(remoteProgram);
    const mode = options.asksOnly ? "n" : options.dryRun ? "s" : "x";
    const { lockSeconds = 60, holder = "", claim: claim2 } = options;
    const claimed = claim2 ? [claim2.as, String(claim2.as === "first" ? claim2.waitSeconds : claim2.keepSeconds)] : [];
    const bootstrap = 'PROGRAM=$(head -c "$1"); eval "$PROGRAM"; shift; session "$@"';
    const words = [String(program.length), mode, String(lockSeconds), holder, ...claimed];
    const start = call("sh", "-c", bootstrap, "sh", ...words);
    const exchange = new _Exchange(await connection2.exec(asRoot(host2, start)), host2);
    await exchange.#begin(program, options);
    return exchange;
  }
  async #begin(program, options) {
    let greeted = false;
    try {
      await this.#converse(program, "ready", (event) => {
        greeted = true;
        if (event.t === "waiting") {
          options.log.info(`${this.#host.name}: waiting for ${redact(event.holder ?? "")} to leave the host`);
        }
      });
    } catch (error) {
      throw greeted || this.#host.user === "root" || isLost(error, this.#stderr) ? error : this.#sudoRefused();
    }
  }
  /** Sends shell text that calls the program's functions; resolves with all events when its end has come. */
  async request(script, onEvent = () => {
  }) {
    const turn = this.#turn.then(async () => {
      const body = Buffer.from(script);
      return await this.#converse(Buffer.concat([Buffer.from(`${body.length}
`), body]), "end", onEvent);
    });
    this.#turn = turn.catch(() => {
    });
    return await turn;
  }
  /** Ends the program: it sees the end of its input, gives the lock back and leaves. */
  async close() {
    if (this.#failure) return;
    const closed = new Promise((resolve) => {
      this.#onFailure = () => resolve();
      setTimeout(resolve, 2e3).unref();
    });
    this.#channel.end();
    await closed;
  }
  #converse(send, last, onEvent) {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      const events = [];
      let problem;
      const silence = setTimeout(() => this.#fail(this.#silent()), silenceLimit);
      const finish = (act) => {
        clearTimeout(silence);
        this.#onEvent = () => {
        };
        this.#onFailure = () => {
        };
        act();
      };
      this.#onFailure = (error) => finish(() => reject(problem ?? error));
      this.#onEvent = (event) => {
        silence.refresh();
        onEvent(event);
        events.push(event);
        if (event.t === "problem") problem ??= this.#problem(event);
        if (event.t !== last) return;
        const failed = problem ?? (event.status && event.status !== "0" ? this.#broken(event.status) : void 0);
        finish(() => failed ? reject(failed) : resolve(events));
      };
      this.#channel.write(send);
    });
  }
  #receive(line) {
    if (!line.startsWith('{"t":')) return;
    this.#onEvent(JSON.parse(line));
  }
  #fail(error) {
    this.#failure ??= error;
    this.#onFailure(error);
  }
  #problem(event) {
    const { code = "", message = "", unit, file, detail, url: url2 } = event;
    const hint = event.hint || hints[code];
    return new Problem(redact(message), {
      code,
      host: this.#host.name,
      unit,
      file: file ?? url2,
      hint: hint === void 0 ? void 0 : redact(hint),
      detail: detail === void 0 ? void 0 : redactLines(detail)
    });
  }
  /** The request ended without saying why: a defect of ours, or a host that lacks something. */
  #broken(status) {
    return new Problem(`a request broke off with status ${status}`, {
      code: "REQUEST_FAILED",
      host: this.#host.name,
      detail: redactLines(this.#stderr)
    });
  }
  #silent() {
    return new Problem(`the host has said nothing for ${silenceLimit / 1e3} s`, {
      code: "HOST_SILENT",
      host: this.#host.name,
      hint: "Look at its load and its disks, then run the job again."
    });
  }
  #sayEnd() {
    const { fields, message } = lost();
    return new Problem(message, { ...fields, host: this.#host.name, detail: redactLines(this.#stderr) });
  }
  #sudoRefused() {
    return new Problem(`the user ${this.#host.user} cannot become root by sudo without a password`, {
      code: "SUDO_REFUSED",
      host: this.#host.name,
      hint: `On the host, as root: echo '${this.#host.user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/${this.#host.user}`,
      detail: redactLines(this.#stderr)
    });
  }
};
var hints = {
  HOST_LOCKED: "Wait for the other run, or end it; the lock goes with its connection.",
  RIVAL_RUN: "Nothing was done here. Run this again when the other run has ended.",
  RUN_OVERTAKEN: "Nothing was done here. Start a new run from its first job: this one would bring back what the other has changed.",
  DISK_FULL: "Free some space on the host and run the job again; what was there before is untouched.",
  DOWNLOAD_SUM_MISMATCH: "Nothing was put in place. Is the mirror complete and current?",
  DOWNLOAD_FAILED: "Can the host reach this address (proxy, firewall, DNS)? What has arrived is kept, the next run resumes.",
  LOCK_FAILED: "The lock lives in etcd: is it healthy?",
  RESTART_REFUSED: "Mend the named part of the cluster first, then run the job again."
};
function isLost(error, stderr) {
  return error instanceof Problem && error.code === "CONNECTION_LOST" && stderr.trim() === "";
}
function asRoot(host2, command) {
  return host2.user === "root" ? command : `env LC_ALL=C sudo -n ${command}`;
}
function readLines(channel, onLine) {
  let rest = [];
  channel.on("data", (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      rest.push(chunk.subarray(start, end));
      onLine(Buffer.concat(rest).toString("utf8"));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  });
}

// src/host/listening.ts
function parseListening(lines) {
  const sockets = lines.map((line) => {
    const [place = "", unit = ""] = line.split(" ");
    const [address = "", port2 = ""] = place.split(":");
    return { port: Number.parseInt(port2, 16), address: parseAddress2(address), unit };
  });
  const unique = new Map(sockets.map((socket) => [`${socket.address} ${socket.port}`, socket]));
  return [...unique.values()].toSorted((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
}
function parseAddress2(hex) {
  const bytes = Buffer.from(hex, "hex");
  for (let i = 0; i + 4 <= bytes.length; i += 4) bytes.subarray(i, i + 4).reverse();
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return "";
  const mapped = bytes.subarray(0, 12).toString("hex") === "00000000000000000000ffff";
  return mapped ? bytes.subarray(12).join(".") : compressed(bytes);
}
function compressed(bytes) {
  const text2 = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(":");
  const runs = [...text2.matchAll(/\b0(?::0)+\b/g)].toSorted((a, b) => b[0].length - a[0].length);
  const run = runs[0];
  if (run === void 0) return text2;
  const [before, after] = [text2.slice(0, run.index), text2.slice(run.index + run[0].length)];
  return `${before.replace(/:$/, "")}::${after.replace(/^:/, "")}`;
}

// src/host/snapshot.ts
function sectionsOf(events) {
  const sections = /* @__PURE__ */ new Map();
  for (const event of events) {
    if (event.t !== "line") continue;
    const name = event.s ?? "";
    const lines = sections.get(name);
    if (lines) lines.push(event.v ?? "");
    else sections.set(name, [event.v ?? ""]);
  }
  return sections;
}
function parseSnapshot(events, sections = sectionsOf(events)) {
  const lines = (name) => sections.get(name) ?? [];
  const fields = (name) => lines(name).map((line) => line.split("	"));
  return {
    ledger: parseLedger(events),
    paths: new Map(fields("path").map(parsePath)),
    links: new Map(lines("link").flatMap(parseLink)),
    sysctls: new Map(fields("sysctl").map(([key = "", ...value]) => [key, value.join(" ")])),
    modules: new Set(lines("module")),
    bootModules: new Map(fields("modules").map(([name = "", boots = ""]) => [name, boots])),
    commands: new Set(lines("command")),
    users: new Set(lines("user")),
    images: new Set(lines("image")),
    sums: new Map(fields("sums").map(parseSum)),
    units: parseUnits(lines("unit")),
    started: parseStarted(sections),
    reads: new Map(byUnit(sections, "reads")),
    hosts: lines("hosts"),
    pending: lines("pending"),
    hostname: lines("hostname")[0] ?? "",
    swap: lines("swap").length > 1
  };
}
function parseLedger(events) {
  const ledger = /* @__PURE__ */ new Map();
  let scope = [];
  for (const event of events) {
    if (event.s === "scope") {
      scope = [];
      ledger.set(event.v ?? "", scope);
    } else if (event.s === "ledger") scope.push(parseEntry(event.v ?? ""));
  }
  return ledger;
}
function parsePath([path = "", mode = "0", owner = "", stat = "", sha2562 = ""]) {
  return [path, { mode: Number.parseInt(mode, 16), owner, stat, sha256: sha2562 }];
}
function parseLink(line) {
  const match = /^'(.*)' -> '(.*)'$/.exec(line);
  return match?.[1] !== void 0 && match[2] !== void 0 ? [[match[1], match[2]]] : [];
}
function parseSum([path = "", stat = "", sha2562 = "", url2 = "", archive = ""]) {
  return [path, { stat, sha256: sha2562, url: url2, archive }];
}
function parseUnits(lines) {
  const units3 = /* @__PURE__ */ new Map();
  for (const block of lines.join("\n").split("\n\n")) {
    const values = Object.fromEntries(
      block.split("\n").filter((line) => line.includes("=")).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)])
    );
    const { Id, LoadState = "", ActiveState = "", SubState = "", InvocationID = "", NeedDaemonReload } = values;
    if (Id === void 0) continue;
    const needReload = NeedDaemonReload === "yes";
    units3.set(Id, { load: LoadState, active: ActiveState, sub: SubState, invocation: InvocationID, needReload });
  }
  return units3;
}
function byUnit(sections, kind) {
  return [...sections].filter(([name]) => name.startsWith(`${kind} `)).map(([name, lines]) => [name.slice(kind.length + 1), lines]);
}
function parseStarted(sections) {
  const pair = (line) => {
    const [path = "", value = ""] = line.split("	");
    return [path, value];
  };
  return new Map(byUnit(sections, "started").map(([unit, lines]) => [unit, new Map(lines.map(pair))]));
}

// src/host/facts.ts
function parseFacts(sections, ledger, clockSkewMs) {
  const lines = (name) => sections.get(name) ?? [];
  const files2 = parseFiles(lines("file"));
  const word = (name) => lines("facts").find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const text2 = (path) => files2.get(path)?.[0]?.trim() ?? "";
  const units3 = parseUnits(lines("unit"));
  const isActive = (unit) => units3.get(unit)?.active === "active";
  return {
    hostname: text2("/proc/sys/kernel/hostname"),
    machineId: text2("/etc/machine-id"),
    os: parseOs(files2.get("/etc/os-release") ?? []),
    architecture: goArchitecture(word("machine") ?? ""),
    kernel: text2("/proc/sys/kernel/osrelease"),
    systemdVersion: Number.parseInt(word("systemd") ?? "0", 10),
    cgroupVersion: word("cgroup") === "2" ? 2 : 1,
    cpus: countCpus(text2("/sys/devices/system/cpu/online")),
    memoryMiB: memory(files2.get("/proc/meminfo") ?? []),
    freeMiB: Object.fromEntries(lines("disk").map(parseDisk)),
    clockSkewMs,
    addresses: lines("address").flatMap(parseAddress3),
    swap: (files2.get("/proc/swaps")?.length ?? 0) > 1,
    listening: parseListening(lines("listening")),
    packageManager: packageManager(word("package-manager")),
    resolvedRuns: isActive("systemd-resolved.service"),
    selinux: selinux(text2("/sys/fs/selinux/enforce")),
    firewalls: [
      ...isActive("firewalld.service") ? ["firewalld"] : [],
      // Its service is active even where the firewall is off.
      ...(files2.get("/etc/ufw/ufw.conf") ?? []).includes("ENABLED=yes") && isActive("ufw.service") ? ["ufw"] : []
    ],
    foreign: foreign(lines("foreign"), ledger)
  };
}
function parseFiles(lines) {
  const files2 = /* @__PURE__ */ new Map();
  let current = [];
  for (const line of lines) {
    if (line.startsWith("=")) {
      current = [];
      files2.set(line.slice(1), current);
    } else current.push(line.slice(1));
  }
  return files2;
}
function parseOs(lines) {
  const value = (name) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1).replaceAll(/^["']|["']$/g, "") ?? "";
  return { id: value("ID"), versionId: value("VERSION_ID"), name: value("PRETTY_NAME") };
}
function goArchitecture(machine) {
  const names = { x86_64: "amd64", aarch64: "arm64", armv7l: "arm" };
  return names[machine] ?? machine;
}
function countCpus(online) {
  return online.split(",").reduce((sum, range) => {
    const [first = Number.NaN, last = first] = range.split("-").map(Number);
    return Number.isNaN(first) ? sum : sum + last - first + 1;
  }, 0);
}
function memory(lines) {
  const total = lines.find((line) => line.startsWith("MemTotal:"))?.match(/\d+/)?.[0] ?? "0";
  return Math.floor(Number(total) / 1024);
}
function parseDisk(line) {
  const blank = line.indexOf(" ");
  return [line.slice(blank + 1), Math.floor(Number(line.slice(0, blank)) / 1024)];
}
function parseAddress3(line) {
  const [, name, family, address] = line.split(/\s+/);
  if (!family?.startsWith("inet") || name === void 0 || address === void 0) return [];
  const [ip = "", prefix = ""] = address.split("/");
  return [{ interface: name, address: ip, prefix: Number(prefix || (family === "inet" ? 32 : 128)) }];
}
function packageManager(found) {
  if (found === "apt-get") return "apt";
  return found === "dnf" || found === "zypper" ? found : "none";
}
function selinux(enforce) {
  if (enforce === "") return "disabled";
  return enforce === "1" ? "enforcing" : "permissive";
}
function foreign(found, ledger) {
  const own = new Set([...ledger.values()].flat().map((entry2) => entry2.subject));
  return found.filter((path) => !own.has(path) && !(path.endsWith("/kubelet.conf") && own.has("kubelet.service")));
}

// src/host/inspection.ts
function filesOf(sections) {
  const bytes = Buffer.from((sections.get("content") ?? []).join(""), "base64");
  const files2 = /* @__PURE__ */ new Map();
  let offset = 0;
  for (const line of sections.get("read") ?? []) {
    const tab = line.indexOf("	");
    const size = Number(line.slice(0, tab));
    files2.set(line.slice(tab + 1), bytes.subarray(offset, offset + size).toString("utf8"));
    offset += size;
  }
  if (offset !== bytes.length)
    throw new Error(`files changed while they were read: ${offset} of ${bytes.length} bytes`);
  return files2;
}
function answersOf(sections, count) {
  const status = new Map((sections.get("status") ?? []).map((line) => line.split(" ")));
  return Array.from({ length: count }, (_, index) => ({
    status: Number(status.get(String(index)) ?? 255),
    stdout: (sections.get(`ask ${index}`) ?? []).join("\n")
  }));
}

// src/host/look.ts
function lookCalls(wanted) {
  const { state } = wanted;
  const many = (name, words) => words.length === 0 ? [] : [call(name, ...words)];
  return [
    ...many("look_paths", [...placesOf(wanted)]),
    ...many(
      "look_links",
      wanted.links.map((link) => link.path)
    ),
    ...many(
      "look_units",
      state.units.map((unit) => unit.name)
    ),
    ...Object.keys(state.sysctls).map((key) => call("look_sysctl", key, sysctlPath(key))),
    ...state.modules.map((module) => call("look_module", module.name, module.check ?? "")),
    ...state.packages.map((need) => call("look_command", need.command)),
    ...state.users.map((user) => call("look_user", user.name)),
    ...state.images.length > 0 ? ["look_images"] : []
  ];
}
function placesOf(wanted) {
  const { directories, files: files2, downloads: downloads2, state } = wanted;
  return /* @__PURE__ */ new Set([
    ...[...directories, ...files2, ...downloads2].map(({ path }) => path),
    ...state.units.flatMap((unit) => [unitPath(unit.name), ...unit.reads]),
    ...state.absent
  ]);
}
function inspectScript(query) {
  const { read = [], paths: paths2 = [], ask = [], disks = [], claim: claim2 = false } = query;
  const many = (name, words) => words.length === 0 ? [] : [call(name, ...words)];
  const script = piped([
    "inspect_facts",
    "inspect_listening",
    ...many("inspect_disks", disks),
    ...many("inspect_read", read),
    ...ask.map((command, index) => call("inspect_ask", String(index), command)),
    ...many("look_paths", paths2),
    "look_ledger",
    "look_end"
  ]);
  return claim2 ? `${script}claim_take
` : script;
}
function lookScript(wanted) {
  return piped([...lookCalls(wanted), "look_ledger", "look_end"]);
}
function piped(calls) {
  return ["inspect_clock", "look_begin", "{", ...calls, "} | as_lines", ""].join("\n");
}
function covers(now, asked, wanted) {
  const listed = [...now.ledger.values()].flat();
  const looked = /* @__PURE__ */ new Set([...listed.map(lookKey), ...[...now.reads.values()].flat(), ...asked]);
  return lookKeys(wanted).every((key) => looked.has(key));
}
function lookKeys(wanted) {
  return [...wanted.ledger.filter((e) => e.kind !== "hosts").map(lookKey), ...placesOf(wanted)];
}
function lookKey({ kind, subject }) {
  const byPath = kind === "file" || kind === "directory" || kind === "download" || kind === "absent";
  return byPath ? subject : `${kind} ${subject}`;
}

// src/host/run.ts
async function runCommand(connection2, host2, command, options) {
  const { input = "", timeoutSeconds = 60 } = options;
  const limited = call("timeout", "-k", "2", String(timeoutSeconds + 1), "sh", "-c", command);
  const channel = await connection2.exec(asRoot(host2, limited));
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(timedOut(host2, timeoutSeconds)), timeoutSeconds * 1e3);
  });
  try {
    const result = collect(channel);
    channel.end(input);
    return await Promise.race([result, deadline]);
  } finally {
    clearTimeout(timer);
    channel.destroy();
  }
}
function collect(channel) {
  return new Promise((resolve, reject) => {
    const [stdout, stderr] = [[], []];
    let status;
    channel.on("data", (chunk) => stdout.push(chunk));
    channel.stderr.on("data", (chunk) => stderr.push(chunk));
    channel.on("exit", (code) => {
      status = code ?? 255;
    });
    channel.on("error", (error) => reject(lost(error)));
    channel.on("close", (code, signal) => {
      const text2 = (chunks) => Buffer.concat(chunks).toString("utf8");
      status ??= code ?? (signal === void 0 ? void 0 : 255);
      if (status === void 0) reject(lost());
      else resolve({ status, stdout: text2(stdout), stderr: text2(stderr) });
    });
  });
}
function timedOut(host2, seconds3) {
  return new Problem(`a command has not ended within ${seconds3} s`, { code: "COMMAND_TIMEOUT", host: host2.name });
}

// src/host/script.ts
function applyScript(wanted, now, steps, sums) {
  const pick = (kind) => steps.filter((step) => step.do === kind);
  const adopted = pick("download").filter((step) => isHere(step, sums));
  const fetched = pick("download").filter((step) => !adopted.includes(step));
  const before = now.ledger.get(wanted.scope) ?? [];
  const final = finalLedger(wanted, now);
  const links = pick("link").map(({ link }) => call("put_link", link.path, link.target));
  return [
    callWith(ledgerText([...final, ...before]), "apply_begin", wanted.scope),
    ...pendingCalls(steps),
    ...wantedDownloads(fetched, pick("image"), sums),
    ...systemCalls(steps),
    ...pick("directory").map(({ directory: d }) => call("put_directory", d.path, d.mode, d.owner)),
    ...pick("file").map(({ file }) => callWith(file.content, "put_file", file.path, file.mode, file.owner)),
    "fetch_wait",
    ...placeCalls(fetched, sums),
    ...pick("remove").flatMap((step) => step.kind === "unit" ? [call("remove_unit", step.subject)] : []),
    "commit_files",
    ...links,
    ...pick("dress").map((step) => call("set_owner", step.path, step.mode, step.owner)),
    ...pick("remove").flatMap(removeCalls),
    ...adopted.map(({ place: { path, download }, have }) => recordCall(path, have?.sha256, download.url, sums)),
    ...pick("record").map(({ path, record: record2 }) => call("record", path, record2.sha256, record2.url, record2.archive)),
    "records_write",
    ...steps.some(needsReload) ? ["RELOAD=1"] : [],
    ...wanted.state.units.flatMap(unitCalls),
    "units_apply",
    ...pick("image").map(({ image }) => call("import_image", sums.get(image.url) ?? "", image.url, image.reference)),
    "apply_end",
    final.length === 0 ? "ledger_drop" : callWith(ledgerText(final), "ledger_write"),
    ""
  ].join("\n");
}
function isHere(step, sums) {
  const sum = sums.get(step.place.download.url);
  const have = step.place.member === void 0 ? step.have?.sha256 : step.have?.archive;
  return sum !== void 0 && have === sum;
}
function recordCall(path, have, url2, sums) {
  return call("record", path, have ?? "", url2, sums.get(url2) ?? "");
}
function pendingCalls(steps) {
  const names = temporaryNames(steps);
  return names === "" ? [] : [callWith(names, "pending")];
}
function temporaryNames(steps) {
  const paths2 = steps.flatMap((step) => {
    if (step.do === "file") return [step.file.path];
    if (step.do === "download") return [step.place.path];
    return step.do === "link" ? [step.link.path] : [];
  });
  return paths2.map((path) => `${path.replace(/[^/]*$/, ".k8s-ha-action.$&")}
`).join("");
}
function wantedDownloads(fetched, images, sums) {
  const urls = /* @__PURE__ */ new Set([...fetched.map(({ place }) => place.download.url), ...images.map(({ image }) => image.url)]);
  return [...[...urls].map((url2) => call("want", sums.get(url2) ?? "", url2)), "fetch_start"];
}
function placeCalls(fetched, sums) {
  const archives = /* @__PURE__ */ new Map();
  const calls = [];
  for (const { place } of fetched) {
    const { url: url2, mode } = place.download;
    if (place.member === void 0) calls.push(call("place_file", sums.get(url2) ?? "", url2, mode, place.path));
    else archives.set(`${url2} ${mode}`, [...archives.get(`${url2} ${mode}`) ?? [], place.member, place.path]);
  }
  for (const [key, members] of archives) {
    const [url2 = "", mode = ""] = key.split(" ");
    calls.push(call("place_members", sums.get(url2) ?? "", url2, mode, ...members));
  }
  return calls;
}
function systemCalls(steps) {
  const calls = steps.flatMap((step) => {
    switch (step.do) {
      case "hostname":
        return [call("set_hostname", step.name)];
      case "swap":
        return ["swap_off"];
      case "module":
        return [call("load_module", step.module.name, step.module.check ?? "")];
      case "sysctl":
        return [call("set_sysctl", sysctlPath(step.key), step.value)];
      case "user":
        return [call("add_user", step.user.name, step.user.home)];
      default:
        return [];
    }
  });
  const hosts = steps.flatMap((step) => step.do === "hosts" ? [step] : []);
  return [
    // Before the host's name: sudo waits for DNS where its own host's name is unknown.
    ...hosts.map(({ entries }) => callWith(hostLines(entries), "put_hosts_block")),
    ...packageCalls(steps),
    ...calls
  ];
}
function packageCalls(steps) {
  const needs = steps.flatMap((step) => step.do === "package" ? [step.need] : []);
  if (needs.length === 0) return [];
  const own = needs.flatMap((need) => need.disableUnit === void 0 ? [] : [need.disableUnit]);
  const names = (manager) => [...new Set(needs.map((need) => need[manager]))].join(" ");
  return [
    ...own.map((name) => call("hold_unit", name)),
    call("install_packages", names("apt"), names("dnf"), names("zypper")),
    ...own.map((name) => call("release_unit", name)),
    ...needs.map((need) => call("need_command", need.command))
  ];
}
function removeCalls(step) {
  switch (step.kind) {
    case "unit":
      return [];
    case "image":
      return [call("remove_image", step.subject)];
    case "user":
      return [call("remove_user", step.subject)];
    case "module":
      return [call("forget_module", step.subject)];
    case "absent":
      return [call("remove_tree", step.subject)];
    case "download":
      return [call("remove_path", step.subject), call("forget_record", step.subject)];
    default:
      return [call("remove_path", step.subject)];
  }
}
function needsReload(step) {
  if (step.do === "file") return step.file.unit !== void 0 && step.file.path.startsWith("/etc/systemd/");
  return step.do === "reload" || step.do === "link" && step.link.unit === void 0;
}
function unitCalls(unit) {
  const { name, ready, rolling: rolling2 } = unit;
  const seconds3 = String(ready?.timeoutSeconds ?? 90);
  const plain2 = call("unit", name, sha256(unit.content), seconds3, ready?.command ?? "", ready?.hint ?? "");
  if (rolling2 === void 0) return [plain2];
  const { live, lock, turn = "", allow = "", before = "", healthy } = rolling2;
  const limits = [String(healthy.timeoutSeconds), healthy.hint];
  return [plain2, call("rolling", name, live, turn, allow, before, healthy.command, ...limits, ...lock)];
}

// src/host/sums.ts
var texts = /* @__PURE__ */ new Map();
async function resolveSum(url2, sumUrl) {
  let text2 = texts.get(sumUrl);
  if (text2 === void 0) {
    text2 = fetchText(sumUrl);
    texts.set(sumUrl, text2);
    text2.catch(() => texts.delete(sumUrl));
  }
  const sum = findSum(await text2, decodeURIComponent(new URL(url2).pathname.split("/").at(-1) ?? ""));
  if (sum !== void 0) return sum;
  throw new Problem(`${sumUrl} states no SHA-256 for ${url2}`, {
    code: "SUM_MISSING",
    file: sumUrl,
    hint: "The mirror has to serve the sums beside the files, as the official place does."
  });
}
function findSum(text2, name) {
  return text2.trimStart().startsWith("{") ? digestOf(text2, name) : sumIn(text2, name);
}
function digestOf(text2, name) {
  try {
    const { assets = [] } = JSON.parse(text2);
    const digest = assets.find((asset) => asset.name === name)?.digest ?? "";
    return /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  } catch {
    return void 0;
  }
}
function sumIn(text2, name) {
  const lines = text2.split(/\r?\n/).map((line) => /^\s*([0-9a-fA-F]{64})(?:\s+\*?(\S.*?))?\s*$/.exec(line)).filter((match) => match !== null);
  const named = lines.find((match) => match[2]?.split("/").at(-1) === name);
  const bare = lines.length === 1 && lines[0]?.[2] === void 0 ? lines[0] : void 0;
  return (named ?? bare)?.[1]?.toLowerCase();
}
async function fetchText(url2) {
  try {
    return await pRetry(async () => await fetchOnce(url2), { retries: 3, minTimeout: 300, factor: 3, randomize: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(`cannot get ${url2}: ${why}`, {
      code: "MIRROR_UNREACHABLE",
      file: url2,
      hint: "The runner asks for the sums of what hosts are to download. Is the address right, and can the runner reach it?",
      cause
    });
  }
}
function causeText(error) {
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
async function fetchOnce(url2) {
  let response;
  try {
    response = await fetch(url2, { signal: AbortSignal.timeout(15e3) });
  } catch (cause) {
    throw new Error(cause instanceof Error ? causeText(cause) : String(cause), { cause });
  }
  if (response.ok) return await response.text();
  const refused = new Error(`HTTP ${response.status}`);
  const passes = response.status >= 500 || response.status === 429 || response.status === 408;
  throw passes ? refused : new AbortError(refused);
}

// src/host/session.ts
var openHost = async (host2, access, options) => {
  try {
    const connection2 = await connect(host2, access, options.log);
    await options.after;
    return await openSession(host2, connection2, options);
  } catch (error) {
    throw error instanceof Problem ? error.within({ host: host2.name }) : error;
  }
};
async function openSession(host2, connection2, options) {
  try {
    return new Session(
      host2,
      connection2,
      await Exchange.open(connection2, host2, options),
      options.dryRun || options.asksOnly === true
    );
  } catch (error) {
    connection2.close();
    throw error;
  }
}
var Session = class {
  host;
  #connection;
  #exchange;
  #dryRun;
  /** An SSH server takes ten sessions over one connection unless told otherwise, and the exchange is one of them. */
  #running = pLimit(8);
  /** What the last look told; none before the first one and after each change. */
  #now;
  /** What that look was asked for, besides what the host's own lists name. */
  #asked = /* @__PURE__ */ new Set();
  constructor(host2, connection2, exchange, dryRun) {
    this.host = host2;
    this.#connection = connection2;
    this.#exchange = exchange;
    this.#dryRun = dryRun;
  }
  async inspect(query) {
    const { events, clockSkewMs } = await this.#ask(inspectScript(query));
    const sections = sectionsOf(events);
    this.#now = parseSnapshot(events, sections);
    this.#asked = new Set(query.paths);
    return {
      facts: parseFacts(sections, this.#now.ledger, clockSkewMs),
      files: filesOf(sections),
      scopes: [...this.#now.ledger.keys()],
      answers: answersOf(sections, query.ask?.length ?? 0)
    };
  }
  async difference(scope, state) {
    return (await this.#compare(expand(scope, state))).difference.changes;
  }
  async apply(scope, state, log) {
    if (this.#dryRun) throw new Error("apply was called on a session that may change nothing");
    const begin = performance.now();
    const wanted = expand(scope, state);
    const { now, difference: due } = await this.#compare(wanted);
    if (due.steps.length === 0)
      return { changes: [], restarted: [], started: [], milliseconds: performance.now() - begin };
    const sums = await this.#sums(due.steps);
    const script = applyScript(wanted, now, due.steps, sums);
    this.#now = void 0;
    const events = await this.#exchange.request(script, (event) => {
      if (event.t === "log") log.info(`${this.host.name}: ${redact(event.text ?? "")}`);
    });
    return { ...applied(due, events), milliseconds: performance.now() - begin };
  }
  async run(command, options = {}) {
    return await this.#running(async () => await runCommand(this.#connection, this.host, command, options));
  }
  async keep(seconds3) {
    await this.#exchange.request(call("claim_put", String(seconds3)));
  }
  async forward(address, port2) {
    try {
      return await this.#connection.forward(address, port2);
    } catch (error) {
      throw error instanceof Problem ? error.within({ host: this.host.name }) : error;
    }
  }
  async close() {
    await this.#exchange.close();
    this.#connection.close();
  }
  /** A difference against a look that covers the state; a second look is had only when the first did not. */
  async #compare(wanted) {
    let now = this.#now;
    if (now === void 0 || !covers(now, this.#asked, wanted)) {
      const { events } = await this.#ask(lookScript(wanted));
      now = parseSnapshot(events);
      this.#now = now;
      this.#asked = new Set(lookKeys(wanted));
    }
    return { now, difference: difference(wanted, now) };
  }
  async #ask(script) {
    const sent = Date.now();
    let clockSkewMs = 0;
    const events = await this.#exchange.request(script, (event) => {
      if (event.t === "clock")
        clockSkewMs = Math.round(Number.parseFloat(event.now ?? "0") * 1e3 - (sent + Date.now()) / 2);
    });
    return { events, clockSkewMs };
  }
  /** The sums of what is to be downloaded, and of nothing else. */
  async #sums(steps) {
    const downloads2 = steps.flatMap((step) => {
      if (step.do === "download") return [step.place.download];
      return step.do === "image" ? [step.image] : [];
    });
    const unique = new Map(downloads2.map(({ url: url2, sumUrl }) => [url2, sumUrl]));
    try {
      const pairs = [...unique].map(
        async ([url2, sumUrl]) => [url2, await resolveSum(url2, sumUrl)]
      );
      return new Map(await Promise.all(pairs));
    } catch (error) {
      throw error instanceof Problem ? error.within({ host: this.host.name }) : error;
    }
  }
};
function applied(due, events) {
  const did = (what) => events.filter((e) => e.t === "unit" && e.did === what).map((e) => e.name ?? "");
  const [started, restarted] = [did("started"), did("restarted")];
  const extra = (kind, names) => names.filter((name) => !due.changes.some((change2) => change2.kind === kind && change2.subject === name)).map((subject) => ({ kind, subject, reason: "as the host found it" }));
  const happened = changesOf(due.steps).filter(
    ({ kind, subject }) => kind !== "restart" || restarted.includes(subject)
  );
  return { changes: [...happened, ...extra("start", started), ...extra("restart", restarted)], started, restarted };
}

// src/host/state.ts
var nothing2 = {
  hostEntries: [],
  swapOff: false,
  modules: [],
  sysctls: {},
  packages: [],
  users: [],
  directories: [],
  files: [],
  downloads: [],
  units: [],
  images: [],
  absent: []
};
function hostState(parts) {
  return { ...nothing2, ...parts };
}
function mergeStates(states) {
  const unique = (pick, key) => [
    ...new Map(states.flatMap(pick).map((item) => [key(item), item])).values()
  ];
  const hostname2 = states.find((state) => state.hostname !== void 0)?.hostname;
  return {
    ...hostname2 === void 0 ? {} : { hostname: hostname2 },
    hostEntries: unique(
      (s) => s.hostEntries,
      (e) => e.address
    ),
    swapOff: states.some((state) => state.swapOff),
    modules: unique(
      (s) => s.modules,
      (m) => m.name
    ),
    sysctls: Object.assign({}, ...states.map((state) => state.sysctls)),
    packages: unique(
      (s) => s.packages,
      (p) => p.command
    ),
    users: unique(
      (s) => s.users,
      (u) => u.name
    ),
    directories: unique(
      (s) => s.directories,
      (d) => d.path
    ),
    files: unique(
      (s) => s.files,
      (f) => f.path
    ),
    downloads: unique(
      (s) => s.downloads,
      (d) => `${d.url} ${JSON.stringify(d.place)}`
    ),
    units: unique(
      (s) => s.units,
      (u) => u.name
    ),
    images: unique(
      (s) => s.images,
      (i) => i.reference
    ),
    absent: unique(
      (s) => s.absent,
      (p) => p
    )
  };
}

// src/phases/connect-hosts.ts
function addressOf(host2) {
  const { address, port: port2, user, jumpHost: jumpHost2 } = host2.ssh;
  return { name: host2.name, address, port: port2, user, ...jumpHost2 ? { jump: jumpHost2 } : {} };
}
async function connect2(run, host2, options = {}) {
  const { dryRun, name, log } = run;
  const claim2 = dryRun ? void 0 : options.claim;
  const session2 = await openHost(addressOf(host2), run.access, { dryRun, holder: name, ...options, claim: claim2, log });
  run.sessions.set(host2.name, session2);
}
function connectHosts(turn = "later") {
  return {
    title: "Connect to the hosts",
    async run(run) {
      const open = (host2, options) => connect2(run, host2, { claim: claimOf(run, host2, turn), ...options });
      const first = turn === "first" ? decider(run) : void 0;
      const decided = first && open(first, { lockSeconds: waitSeconds });
      const after = decided?.catch(() => void 0);
      await onHosts(allTargets(run), (host2) => host2 === first && decided ? decided : open(host2, { after }));
    }
  };
}

// src/pki/bootstrap-token.ts
import { randomInt } from "node:crypto";
var alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
function newBootstrapToken() {
  return { id: random(6), secret: random(16) };
}
function tokenText({ id, secret }) {
  return `${id}.${secret}`;
}
function bootstrapTokenSecret(token, expires) {
  const data = {
    "token-id": token.id,
    "token-secret": token.secret,
    // Go's RFC 3339 without fractions of a second, as kubeadm writes it.
    expiration: expires.toISOString().replace(/\.\d+Z$/, "Z"),
    "usage-bootstrap-authentication": "true",
    "usage-bootstrap-signing": "false",
    "auth-extra-groups": bootstrapGroup,
    description: "Made by k8s-ha-action for one run."
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `bootstrap-token-${token.id}`, namespace: "kube-system" },
    type: "bootstrap.kubernetes.io/token",
    data: Object.fromEntries(Object.entries(data).map(([name, text2]) => [name, Buffer.from(text2).toString("base64")]))
  };
}
function random(length) {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

// src/pki/paths.ts
var pkiDir = "/etc/kubernetes/pki";
var etcdPkiDir = "/etc/etcd/pki";
var paths = {
  ca: { crt: `${pkiDir}/ca.crt`, key: `${pkiDir}/ca.key` },
  frontProxyCa: { crt: `${pkiDir}/front-proxy-ca.crt`, key: `${pkiDir}/front-proxy-ca.key` },
  etcdCa: { crt: `${pkiDir}/etcd/ca.crt`, key: `${pkiDir}/etcd/ca.key` },
  serviceAccount: { key: `${pkiDir}/sa.key`, pub: `${pkiDir}/sa.pub` },
  apiserver: { crt: `${pkiDir}/apiserver.crt`, key: `${pkiDir}/apiserver.key` },
  apiserverKubeletClient: {
    crt: `${pkiDir}/apiserver-kubelet-client.crt`,
    key: `${pkiDir}/apiserver-kubelet-client.key`
  },
  apiserverEtcdClient: { crt: `${pkiDir}/apiserver-etcd-client.crt`, key: `${pkiDir}/apiserver-etcd-client.key` },
  frontProxyClient: { crt: `${pkiDir}/front-proxy-client.crt`, key: `${pkiDir}/front-proxy-client.key` },
  kubeletServing: { crt: `${pkiDir}/kubelet.crt`, key: `${pkiDir}/kubelet.key` },
  etcd: {
    ca: `${etcdPkiDir}/ca.crt`,
    server: { crt: `${etcdPkiDir}/server.crt`, key: `${etcdPkiDir}/server.key` },
    peer: { crt: `${etcdPkiDir}/peer.crt`, key: `${etcdPkiDir}/peer.key` },
    /** For etcdctl on the member's own host, read by root. */
    client: { crt: `${etcdPkiDir}/healthcheck-client.crt`, key: `${etcdPkiDir}/healthcheck-client.key` }
  },
  encryptionConfig: "/etc/kubernetes/encryption-config.yaml",
  adminConf: "/etc/kubernetes/admin.conf",
  controllerManagerConf: "/etc/kubernetes/controller-manager.conf",
  schedulerConf: "/etc/kubernetes/scheduler.conf",
  proxyConf: "/etc/kubernetes/proxy.conf",
  /** Written by the kubelet itself when it has joined. */
  kubeletConf: "/etc/kubernetes/kubelet.conf",
  /** Only there while a node joins. */
  bootstrapKubeletConf: "/etc/kubernetes/bootstrap-kubelet.conf"
};

export {
  hostsWith,
  etcdEndpoints,
  require_ipaddr,
  electionTimes,
  goSeconds,
  require_dist,
  roles,
  mask,
  commonInputs,
  secretInput,
  requiredSecret,
  choiceInput,
  parsedInput,
  numberInput,
  hostNames,
  invalidInput,
  secondsIn,
  bootstrapGroup,
  administratorsGroup,
  pRetry,
  newBootstrapToken,
  tokenText,
  bootstrapTokenSecret,
  pkiDir,
  etcdPkiDir,
  paths,
  newRun,
  targetsOf,
  allTargets,
  runPhases,
  onHosts,
  sessionOf,
  inspectionOf,
  secretsOf,
  claimOf,
  keepHosts,
  quote2 as quote,
  openHost,
  hostState,
  mergeStates,
  addressOf,
  connect2 as connect,
  connectHosts
};
