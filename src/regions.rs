//! Regions: the request that lists those in which KMS is available, and the origin of a client's
//! region.

pub(crate) mod describe_regions;

pub use crate::endpoint::RegionSource;
pub use describe_regions::{DescribeRegionsRequest, DescribeRegionsResponse, Region};

#[cfg(test)]
use crate::operation::{Operation as _, OperationSpec};

/// The operations of this module, for the table of all operations.
#[cfg(test)]
pub(crate) const OPERATIONS: &[OperationSpec] = &[DescribeRegionsRequest::SPEC];
