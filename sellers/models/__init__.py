"""Facts about sellers, a file a noun."""

from sellers.models.buyer import Buyer
from sellers.models.connection import Connection
from sellers.models.draft import Draft
from sellers.models.invitation import Invitation
from sellers.models.product import Product
from sellers.models.region import ProductRegion
from sellers.models.seller import Membership, Seller
from sellers.models.user import User

__all__ = ["Buyer", "Connection", "Draft", "Invitation", "Membership", "Product", "ProductRegion", "Seller", "User"]
