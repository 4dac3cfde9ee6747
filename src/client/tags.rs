//! Tags on secrets and keys.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::pagination::Paginator;
use crate::tags::list_resource_tags::{ListResourceTagsRequest, ListResourceTagsResponse};
use crate::tags::list_tag_resources::{ListTagResourcesRequest, ListTagResourcesResponse};
use crate::tags::tag_resource::{TagResourceRequest, TagResourceResponse};
use crate::tags::tag_resources::{TagResourcesRequest, TagResourcesResponse};
use crate::tags::untag_resource::{UntagResourceRequest, UntagResourceResponse};
use crate::tags::untag_resources::{UntagResourcesRequest, UntagResourcesResponse};

impl KmsClient {
    /// Puts tags on one secret, key or certificate
    /// ([`TagResource`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresource)).
    ///
    /// The identity needs the RAM action `kms:TagResource`; the service allows 30 requests a second
    /// for an account and region, shared with the other writes to tags and those to keys and
    /// aliases.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when the target does not exist; otherwise as
    /// [`list_secrets`](Self::list_secrets) tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::ListSecretsRequest;
    /// use alibabacloud_kms::tags::{Tag, TagResourceRequest, TagTarget, UntagResourceRequest};
    ///
    /// let secret = TagTarget::secret("prod/db");
    /// client.tag_resource(TagResourceRequest::new(secret.clone(), [Tag::new("team", "core")])).await?;
    /// let page = client.list_secrets(ListSecretsRequest::new().fetch_tags(true)).await?;
    /// assert_eq!(page.secrets[0].tag("team"), Some("core"));
    ///
    /// client.untag_resource(UntagResourceRequest::new(secret, ["team"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tag_resource(
        &self,
        request: TagResourceRequest,
    ) -> impl Future<Output = Result<TagResourceResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Takes tags from one secret, key or certificate
    /// ([`UntagResource`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource)).
    ///
    /// The identity needs the RAM action `kms:UntagResource`; the service allows 30 requests a
    /// second for an account and region, shared with the other writes to tags and those to keys and
    /// aliases. [`tag_resource`](Self::tag_resource) has an example.
    ///
    /// # Errors
    ///
    /// As [`tag_resource`](Self::tag_resource) tells.
    pub fn untag_resource(
        &self,
        request: UntagResourceRequest,
    ) -> impl Future<Output = Result<UntagResourceResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Puts the same tags on several secrets or keys
    /// ([`TagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources)).
    ///
    /// The identity needs the RAM action `kms:TagResources`; the service allows 30 requests a
    /// second for an account and region, shared with the other writes to tags and those to keys and
    /// aliases.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) before anything is sent, when neither the
    /// client nor the request has a region; [`NotFound`](crate::ErrorKind::NotFound) when one of
    /// the resources does not exist; otherwise as [`list_secrets`](Self::list_secrets) tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # emulator.add_secret(EmulatedSecret::new("prod/cache"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::tags::{ListTagResourcesRequest, ResourceType, Tag, TagResourcesRequest, UntagResourcesRequest};
    ///
    /// let names = ["prod/db", "prod/cache"];
    /// let tag = TagResourcesRequest::new(ResourceType::Secret, names, [Tag::new("team", "core")]);
    /// client.tag_resources(tag.region("cn-hangzhou")).await?;
    ///
    /// let list = ListTagResourcesRequest::new(ResourceType::Secret).tag("team", "core").region("cn-hangzhou");
    /// assert_eq!(client.list_tag_resources(list).await?.tag_resources.len(), 2);
    ///
    /// let untag = UntagResourcesRequest::new(ResourceType::Secret, names, ["team"]);
    /// client.untag_resources(untag.region("cn-hangzhou")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tag_resources(
        &self,
        request: TagResourcesRequest,
    ) -> impl Future<Output = Result<TagResourcesResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Takes tags from several secrets or keys
    /// ([`UntagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources)).
    ///
    /// The identity needs the RAM action `kms:UntagResources`; the service allows 30 requests a
    /// second for an account and region, shared with the other writes to tags and those to keys and
    /// aliases. [`tag_resources`](Self::tag_resources) has an example.
    ///
    /// # Errors
    ///
    /// As [`tag_resources`](Self::tag_resources) tells.
    pub fn untag_resources(
        &self,
        request: UntagResourcesRequest,
    ) -> impl Future<Output = Result<UntagResourcesResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Gets the tags of one encryption key
    /// ([`ListResourceTags`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags)).
    ///
    /// For the tags of secrets there is [`list_tag_resources`](Self::list_tag_resources). The
    /// identity needs the RAM action `kms:ListResourceTags`; the service allows 300 requests a
    /// second for an account and region.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such key; otherwise as
    /// [`list_secrets`](Self::list_secrets) tells.
    pub fn list_resource_tags(
        &self,
        request: impl Into<ListResourceTagsRequest>,
    ) -> impl Future<Output = Result<ListResourceTagsResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Gets one page of the tags on secrets or keys, 200 rows at most
    /// ([`ListTagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listtagresources)).
    ///
    /// For all pages use [`list_tag_resources_paginator`](Self::list_tag_resources_paginator). The
    /// identity needs the RAM action `kms:ListTagResources`; the service allows 50 requests a
    /// second for an account and region, shared with `DescribeRegions` and the reads of keys.
    /// [`tag_resources`](Self::tag_resources) has an example.
    ///
    /// # Errors
    ///
    /// As [`tag_resources`](Self::tag_resources) tells.
    pub fn list_tag_resources(
        &self,
        request: ListTagResourcesRequest,
    ) -> impl Future<Output = Result<ListTagResourcesResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Gets every tag on secrets or keys from the request's `next_token` on, as a stream of pages
    /// or of rows.
    ///
    /// Its pages have tokens instead of numbers, so they are requested one after another. A listing
    /// that fails is an error in the stream, never a shorter listing.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # for n in 0..3 { emulator.add_secret(EmulatedSecret::new(format!("secret-{n}")).tag("team", "core")); }
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::tags::{ListTagResourcesRequest, ResourceType};
    /// use futures_util::TryStreamExt;
    ///
    /// let request = ListTagResourcesRequest::new(ResourceType::Secret).region("cn-hangzhou");
    /// let mut rows = client.list_tag_resources_paginator(request).items();
    /// while let Some(row) = rows.try_next().await? {
    ///     println!("{}: {}={}", row.resource_id, row.tag.key, row.tag.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_tag_resources_paginator(
        &self,
        request: ListTagResourcesRequest,
    ) -> Paginator<ListTagResourcesRequest> {
        Paginator::new(Arc::clone(&self.context), request)
    }
}
