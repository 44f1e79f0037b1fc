"""Products: list, page, buyers."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from sellers.access import Action, can, for_tenant, require, signed_in
from sellers.forms.buyer import BuyerForm
from sellers.models import Product, ProductRegion

A_PAGE = 50


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """All products that the user may see, a page of them."""
    tenant = for_tenant(request)
    regions = Prefetch("regions", ProductRegion.objects.only("product_id", "region"))
    products = tenant.products().order_by("name", "pk").prefetch_related(regions)
    rows = Paginator(products, A_PAGE).get_page(request.GET.get("page"))
    may_create = bool(tenant.sellers_for(Action.CREATE_PRODUCT))
    return render(request, "sellers/products.html", {"products": rows, "may_create": may_create})


@require_GET
@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A product's facts, regions and buyers."""
    product = for_tenant(request).product(pk)
    require(request, Action.VIEW_PRODUCT, product)
    return _page(request, product, BuyerForm(product=product))


def _page(request: HttpRequest, product: Product, form: BuyerForm, status: int = 200) -> HttpResponse:
    context = {"product": product, "form": form, "may_edit": can(request.user, Action.EDIT_PRODUCT, product)}
    return render(request, "sellers/product.html", context, status=status)


@require_POST
@signed_in
def add_buyer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a buyer on the list; AWS learns it with the next run (S23)."""
    product = for_tenant(request).product(pk)
    require(request, Action.EDIT_PRODUCT, product)
    form = BuyerForm(request.POST, product=product)
    if not form.is_valid():
        return _page(request, product, form, status=422)
    buyer = form.save()
    messages.success(request, f"{buyer} is on the list. The next run allows the account in AWS.")
    return redirect("sellers:product", product.pk)


@require_POST
@signed_in
def remove_buyer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a buyer off the list; connections that live go on until they are rejected."""
    buyer = get_object_or_404(for_tenant(request).buyers(), pk=pk)
    require(request, Action.EDIT_PRODUCT, buyer)
    if buyer.is_test:
        messages.error(request, "This is the buyer test account. Change the product's buyer test connection instead.")
    else:
        buyer.delete()
        messages.success(request, f"{buyer} is off the list. The next run takes the permission away.")
    return redirect("sellers:product", buyer.product_id)
